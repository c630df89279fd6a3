/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_PLAN_H
#define SECMARK2_PLAN_PLAN_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "packet/proto.h"
#include "plan/line.h"
#include "util/diag.h"

struct stat;

/* Which table the chains go into, and so when they run. */
enum plan_table {
	PLAN_SECURITY, /* nft: priority 50 */
	PLAN_MANGLE,   /* nft: priority -150 */
};

enum plan_unlabeled {
	PLAN_UNLABELED_ALLOW,
	PLAN_UNLABELED_AUDIT,
	PLAN_UNLABELED_DENY,
};

struct plan {
	enum plan_table table;
	enum plan_unlabeled unlabeled;
	bool loopback;            /* false: "loopback no" */
	struct plan_label *types; /* "type T": defined by this plan; each once */
	size_t n_types;
	struct plan_line *lines; /* in order, defaults included */
	size_t n_lines;
	char (*trusted)[IFNAMSIZ]; /* "trust IFACE...": each once; may end in + */
	size_t n_trusted;
	char **files; /* names that struct pos points to: the plan and what it includes */
	size_t n_files;
};

/**
 * plan_read - read a plan and what it includes
 * @path: the file; "-" is standard input
 * @plan: where to; end it with plan_free(), also after a failure
 * @diag: gets all errors and warnings, in the order of the text
 *
 * Returns 0, -EINVAL where the plan has errors, or the -errno of the first
 * file that cannot be read (which diag has as well). After a failure @plan
 * holds the statements that are good: to be checked, and never to be applied.
 */
int plan_read(const char *path, struct plan *plan, struct diag *diag);

/**
 * plan_parse - the same for a text in memory
 * @name: how errors call it
 * @text: the plan; need not end in a NUL, and may contain them
 * @len:  its length in bytes
 * @plan: as above
 * @diag: as above
 *
 * An include is an error: there is no file that it could be relative to.
 */
int plan_parse(const char *name, const char *text, size_t len, struct plan *plan,
	       struct diag *diag);

/**
 * plan_read_text - the same for a text that has been read from a file
 * @st: the file's: it is known again where it includes itself
 *
 * What it includes is read, relative to @name.
 */
int plan_read_text(const char *name, const char *text, size_t len, const struct stat *st,
		   struct plan *plan, struct diag *diag);

/* Has it lines of that side, a default included? */
bool plan_has_side(const struct plan *plan, enum side side);

/* Does it go into mangle? With lines for what is forwarded all of it does: the kernel's first check
 * of that comes before the tables security and mangle see it in FORWARD, and mangle alone has
 * PREROUTING. */
bool plan_is_in_mangle(const struct plan *plan);

/* Frees what is in it; it is empty then. */
void plan_free(struct plan *plan);

#endif
