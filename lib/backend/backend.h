/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BACKEND_BACKEND_H
#define SECMARK2_BACKEND_BACKEND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "backend/report.h"

struct backend_ops;
struct diag;
struct dispatch;
struct err;
struct machine;

/* Where rules are kept. Two backends may share a place, and find each other's rules there. */
enum place {
	PLACE_NFT = 1 << 0,    /* the nft table "inet secmark2" */
	PLACE_LEGACY = 1 << 1, /* x_tables of the kernel */
	PLACE_COMPAT = 1 << 2, /* the nft tables that iptables-nft keeps */
};

/* The rules that a backend has built. The backend's own structure begins with this one. */
struct built {
	const struct backend_ops *ops;
};

/* What a backend has read in its place. The backend's own structure begins with this one. */
struct seen {
	const struct backend_ops *ops;
};

/*
 * One way to load rules. Functions that return int return 0 or -errno, and fill err on failure.
 * free and forget accept NULL.
 */
struct backend_ops {
	const char *name; /* for --backend */
	enum place place;
	const char *command; /* the iptables command that it runs; NULL: none */

	/* Makes rules, and changes nothing. diag gets what is wrong with lines of the plan; d and m
	 * have to live longer than b. */
	int (*build)(const struct backend_ops *self, const struct dispatch *d,
		     const struct machine *m, struct built **b, struct diag *diag, struct err *err);
	void (*print)(const struct built *b, FILE *out);
	void (*free)(struct built *b);

	/* Reads what is loaded, and changes nothing. The other questions are put to the result. */
	int (*look)(const struct backend_ops *self, struct seen **seen, struct err *err);
	bool (*present)(const struct seen *seen); /* is there anything of ours? */
	/* Do packets reach rules of ours? Not if somebody has flushed the rules or the jumps. */
	bool (*in_force)(const struct seen *seen);
	enum backend_state (*compare)(const struct seen *seen, const struct built *b);
	/* Do others have rules in a table ("security", "mangle")? NULL: the table is ours alone */
	bool (*shared)(const struct seen *seen, const char *table);
	/* Does this process change these rules itself, and not the command? NULL: no */
	bool (*by_itself)(const struct seen *seen);
	void (*forget)(struct seen *seen);

	/* Of one backend for each place: has anybody changed what is ours since it was loaded? A
	 * place has one of these two questions, and is asked only if it exists. */
	int (*sealed)(bool *sealed, struct err *err); /* the place itself remembers what it was */
	int (*digest)(uint64_t *digest, struct err *err); /* differs after each change */

	/* Changes what is loaded. After a failure the old rules are there, unless the report says
	 * that they are not. seen is what look() read if that is still so; NULL: look again. */
	int (*load)(const struct built *b, const struct seen *seen, struct backend_report *report,
		    struct err *err);
	int (*remove)(const struct backend_ops *self, const struct seen *seen,
		      struct backend_report *report, struct err *err);
};

#endif
