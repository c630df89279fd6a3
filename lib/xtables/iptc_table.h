/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_IPTC_TABLE_H
#define SECMARK2_XTABLES_IPTC_TABLE_H

#include <stdbool.h>

struct chain_set;
struct err;
struct iptc_ops;
struct xtc_handle;

/* A table of a family: a copy of the kernel's, until it is committed. */
struct iptc_table {
	const struct iptc_ops *ops;
	const char *name;
	struct xtc_handle *h; /* NULL: not open */
};

/* Has anybody used the table in this network namespace? To open it would make it. */
bool iptc_table_is_there(const struct iptc_ops *ops, const char *name);

/* Reads it, after loading the kernel's modules. 0 or -errno; the functions below as well. */
int iptc_table_open(struct iptc_table *t, struct err *err);

/* Is ours the same already, with a jump from each hook wherever it was placed? set: NULL for
 * nothing of ours. */
bool iptc_table_same(const struct iptc_table *t, const struct chain_set *set, int secmark);

/* Does a rule of others keep what it matches from the jump of the hook to ours? */
bool iptc_table_ends_before(const struct iptc_table *t, const char *hook);

/* Has somebody given the hook's jump to ours a condition, and is there none without? */
bool iptc_table_condition(const struct iptc_table *t, const char *hook);

/* Do others have rules in a hook's chain? */
bool iptc_table_has_others(const struct iptc_table *t, const char *hook);

/* Makes it what it shall be; others' rules and jumps that stay are not touched. */
int iptc_table_change(struct iptc_table *t, const struct chain_set *set, int secmark,
		      struct err *err);

int iptc_table_commit(struct iptc_table *t, struct err *err);

/* Makes ours what it was in another copy, and commits that; the counters of its rules start anew.
 */
int iptc_table_put_back(struct iptc_table *t, const struct iptc_table *old, struct err *err);

/* Records libiptc's reason, from errno. Returns -errno. */
int iptc_table_failed(const struct iptc_table *t, const char *doing, struct err *err);

void iptc_table_close(struct iptc_table *t);

#endif
