/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_HOOKS_H
#define SECMARK2_XTABLES_HOOKS_H

#include "compile/dispatch.h"

struct chain_set;
struct diag;
struct xt_opts;

/**
 * xt_hooks_table - the table that a plan goes into
 * @plan: the plan
 *
 * The kernel checks forwarded packets before the tables security and mangle see them in FORWARD. So
 * a plan with forward lines goes as a whole into mangle, which has PREROUTING. Returns "security"
 * or "mangle".
 */
const char *xt_hooks_table(const struct plan *plan);

/**
 * xt_hooks_build - chains of rules for a plan
 * @d:      the plan by ports; has to live as long as @set
 * @family: what the chains are for
 * @opts:   has to live as long as @set
 * @set:    where to; end it with chain_free(), also after a failure
 * @diag:   gets what xtables cannot do
 *
 * The label of a connection's first packet is saved, and later packets get it from the connection.
 * There are two exceptions, where each packet is looked up by its direction: on interfaces where
 * packets may bring a label that the stock targets cannot overwrite, and on lo, where both ends of
 * a packet are here.
 *
 * Returns 0, -EOPNOTSUPP for a line with "out" (that interface is not known yet where forwarded
 * packets are labeled), or -E2BIG if the chains would be too deep for iptables-nft.
 */
int xt_hooks_build(const struct dispatch *d, enum dispatch_family family,
		   const struct xt_opts *opts, struct chain_set *set, struct diag *diag);

#endif
