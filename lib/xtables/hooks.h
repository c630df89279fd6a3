/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_HOOKS_H
#define SECMARK2_XTABLES_HOOKS_H

#include "compile/dispatch.h"

struct chain_set;
struct diag;
struct xt_opts;

/**
 * xt_chains_table - the table that a plan goes into
 * @plan: the plan
 *
 * Forwarded packets are checked before the tables security and mangle see them in FORWARD, so a
 * plan with lines for them goes wholly into mangle, which has PREROUTING. Returns "security" or
 * "mangle".
 */
const char *xt_chains_table(const struct plan *plan);

/**
 * xt_chains_build - chains of rules for a plan
 * @d:      the plan by ports; has to live as long as @set
 * @family: for which the chains are
 * @opts:   has to live as long as @set
 * @set:    where to; end it with chain_free(), also after a failure
 * @diag:   gets what xtables cannot do
 *
 * A label that a flow's first packet gets is saved; the packets after it get it from the
 * connection, except on interfaces where the stock targets cannot keep a label out that came from
 * elsewhere, and on lo, where each packet has two ends here: there it is looked up by the packet's
 * direction.
 *
 * Returns 0, -EOPNOTSUPP for a line with "out" (there is no such interface yet where forwarded
 * packets are labeled), or -E2BIG where the chains would be too deep for iptables-nft.
 */
int xt_chains_build(const struct dispatch *d, enum dispatch_family family,
		    const struct xt_opts *opts, struct chain_set *set, struct diag *diag);

#endif
