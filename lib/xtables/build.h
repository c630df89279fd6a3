/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_BUILD_H
#define SECMARK2_XTABLES_BUILD_H

#include <net/if.h>

#include "backend/backend.h"
#include "xtables/chain.h"
#include "xtables/port_tree.h"

/* How long the backends wait for who holds iptables' lock. */
#define XT_LOCK_SECONDS 10

/* What the backends for iptables' tables build: chains for IPv4 and IPv6, both for the same table.
 */
struct xt_built {
	struct built built;
	struct xt_opts opts;
	char (*fast)[IFNAMSIZ]; /* opts points to it */
	struct chain_set sets[DISPATCH_FAMILIES];
};

/* struct backend_ops has what these three do. */
int xt_build(const struct backend_ops *self, const struct dispatch *d, const struct machine *m,
	     struct built **b, struct diag *diag, struct err *err);
void xt_print(const struct built *b, FILE *out);
void xt_free(struct built *b);

/* The chains that a backend of ours has built. */
const struct chain_set *xt_sets(const struct built *b);

#endif
