/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_IPTC_JUMPS_H
#define SECMARK2_XTABLES_IPTC_JUMPS_H

#include <stdbool.h>

struct chain_set;
struct iptc_ops;
struct xtc_handle;

/*
 * How packets come from others' chains to ours: what saved.h says of a table in text. In all of
 * them @h is an open table, and @set what is to be loaded, or NULL.
 */

/* Is a chain's name one of ours? */
bool iptc_jumps_is_ours(const char *chain);

/* The number of the first rule of a chain that goes to the target, or to any of ours (NULL); -1:
 * none. */
int iptc_jumps_find(const struct iptc_ops *ops, struct xtc_handle *h, const char *chain,
		    const char *target);

/* Do others' rules lead from a chain to one of ours, or to any (NULL)? */
bool iptc_jumps_reach(const struct iptc_ops *ops, struct xtc_handle *h, const char *chain,
		      const char *ours);

/* Do all hooks of the set lead to ours, and does nothing that is there have to go? */
bool iptc_jumps_same(const struct iptc_ops *ops, struct xtc_handle *h, const struct chain_set *set);

/* Deletes the jumps of a chain of others' that may not stay. Returns false as libiptc does. */
bool iptc_jumps_drop(const struct iptc_ops *ops, struct xtc_handle *h, const struct chain_set *set,
		     const char *chain);

/* Does a rule of others keep what it matches from the jump of the hook to us? */
bool iptc_jumps_end_before(const struct iptc_ops *ops, struct xtc_handle *h, const char *hook);

/* Does the hook's jump to us have a condition, and is there none without? */
bool iptc_jumps_condition(const struct iptc_ops *ops, struct xtc_handle *h, const char *hook);

#endif
