/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_BACKENDS_H
#define SECMARK2_LOAD_BACKENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "backend/report.h"

struct err;
struct rules;

/* Where rules are kept. Two backends may share a place, and find each other's rules there. */
enum place {
	PLACE_NFT = 1 << 0,    /* the nft table "inet secmark2" */
	PLACE_LEGACY = 1 << 1, /* x_tables of the kernel */
	PLACE_COMPAT = 1 << 2, /* the nft tables that iptables-nft keeps */
};

/* Who loads rules. Functions that return int return 0 or -errno, and then have filled err. */
struct backend {
	const char *name;
	enum place place;
	const char *command; /* of iptables, or NULL */
	bool nft_variant;    /* of iptables */
	/* makes rules->sets or rules->nft; diag gets what is wrong with lines */
	int (*build)(struct rules *r, struct err *err);
	void (*print)(const struct rules *r, FILE *out);
	int (*loaded)(const struct rules *r, enum backend_state *state, struct err *err);
	int (*load)(const struct rules *r, struct backend_report *report, struct err *err);
};

/* What --backend takes; behind the last one a NULL. */
extern const char *const backends_names[];

/* By name; "iptables" is that of the two variants which the command of that name is. NULL: err says
 * why. */
const struct backend *backends_find(const char *name, struct err *err);

/* The best one that works here, and why it is that one. NULL: err says why there is none. */
const struct backend *backends_choose(const char **why, struct err *err);

/* The one that backends_choose() would come to, as far as can be told without loading a module;
 * NULL: err says why. */
const struct backend *backends_expect(struct err *err);

/* In which places there is something of ours. Makes no table and loads no module. Returns 0 or
 * -errno. */
int backends_places(unsigned int *places, struct err *err);

/**
 * backends_remove - take rules of ours away
 * @places: of these places
 * @report: what was done
 * @err:    filled on failure
 *
 * Where nothing of ours can be nothing is touched, nor any module loaded. Returns 0 or -errno.
 */
int backends_remove(unsigned int places, struct backend_report *report, struct err *err);

#endif
