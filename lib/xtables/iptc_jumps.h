/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_IPTC_JUMPS_H
#define SECMARK2_XTABLES_IPTC_JUMPS_H

#include <stdbool.h>

struct chain_set;
struct iptc_ops;
struct xtc_handle;

/*
 * How packets get from chains of others to ours. table_text.h answers the same for a table in text.
 * In all functions @h is an open table, and @set is what shall be loaded, or NULL. */

/* The number of a chain's first rule that goes to the target, or to any chain of ours (NULL); -1:
 * none. */
int iptc_jumps_find(const struct iptc_ops *ops, struct xtc_handle *h, const char *chain,
		    const char *target);

/* Do rules of others lead from a chain to this one of ours? */
bool iptc_jumps_reach(const struct iptc_ops *ops, struct xtc_handle *h, const char *chain,
		      const char *ours);

/* Do all hooks of the set lead to our chains, and may all jumps to our chains stay? */
bool iptc_jumps_same(const struct iptc_ops *ops, struct xtc_handle *h, const struct chain_set *set);

/* Deletes the jumps from a chain of others that may not stay. Returns false on failure, as libiptc
 * does. */
bool iptc_jumps_drop(const struct iptc_ops *ops, struct xtc_handle *h, const struct chain_set *set,
		     const char *chain);

/* Does a rule of others keep packets from the hook's jump to our chain? */
bool iptc_jumps_end_before(const struct iptc_ops *ops, struct xtc_handle *h, const char *hook);

/* Do all of the hook's jumps to our chain have a condition? */
bool iptc_jumps_condition(const struct iptc_ops *ops, struct xtc_handle *h, const char *hook);

#endif
