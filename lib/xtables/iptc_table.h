/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_IPTC_TABLE_H
#define SECMARK2_XTABLES_IPTC_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct chain_set;
struct err;
struct iptc_ops;
struct xtc_handle;

/* A table of a family: a copy of the kernel's table, until it is committed. */
struct iptc_table {
	const struct iptc_ops *ops;
	const char *name;
	struct xtc_handle *h; /* NULL: not open */
};

/* Does the table exist in this network namespace? Opening it would create it. */
bool iptc_table_is_there(const struct iptc_ops *ops, const char *name);

/* Loads the kernel's modules, and reads the table. Returns 0 or -errno, as the functions below do;
 * -EOPNOTSUPP: this kernel shows the table only to programs of another word size. */
int iptc_table_open(struct iptc_table *t, struct err *err);

/* Are our chains right already, with a jump from each hook, wherever that was placed? set: NULL for
 * nothing of ours. */
bool iptc_table_same(const struct iptc_table *t, const struct chain_set *set, int secmark);

/* Does a rule of others keep packets from the hook's jump to our chain? */
bool iptc_table_ends_before(const struct iptc_table *t, const char *hook);

/* Do all of the hook's jumps to our chain have a condition? */
bool iptc_table_condition(const struct iptc_table *t, const char *hook);

/* Do others have rules in a hook's chain? */
bool iptc_table_has_others(const struct iptc_table *t, const char *hook);

/* Makes the table what it shall be. Does not touch rules of others, nor jumps that stay. */
int iptc_table_change(struct iptc_table *t, const struct chain_set *set, int secmark,
		      struct err *err);

int iptc_table_commit(struct iptc_table *t, struct err *err);

/* Makes our part what it was in another copy, and commits that. The counters of these rules start
 * at 0. */
int iptc_table_put_back(struct iptc_table *t, const struct iptc_table *old, struct err *err);

/* Records the reason that libiptc gives for errno. Returns -errno. */
int iptc_table_failed(const struct iptc_table *t, const char *doing, struct err *err);

/* Adds what is ours to a hash: it differs after every change to our chains, and if a jump to one of
 * them comes or goes. Counters, and the places of jumps among rules of others, do not count. */
uint64_t iptc_table_digest(const struct iptc_table *t, uint64_t hash);

void iptc_table_close(struct iptc_table *t);

#endif
