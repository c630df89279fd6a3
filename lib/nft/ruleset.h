/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_RULESET_H
#define SECMARK2_NFT_RULESET_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

struct dispatch;
struct err;

struct nft_ruleset_opts {
	/*
	 * The policy's context for packets without a label, if this process may relabelto it, or
	 * NULL. With NULL a packet that has no connection and fits no line keeps the label that it
	 * brought from another network namespace or over loopback. */
	const char *unlabeled;
	/* With more lists of networks than this, they are chains and not sets: the kernel takes
	 * long to load many sets. 0: 1,000 */
	size_t sets_max;
	/* The VRFs of this network namespace: packets within one are as over loopback. */
	const char (*vrfs)[IFNAMSIZ];
	size_t n_vrfs;
	/* The kernel has no expression "fib": there are no rules for forwarded packets. */
	bool no_fib;
};

/**
 * nft_ruleset_write - a plan as one transaction for nft
 * @d:    the plan by ports
 * @opts: see above
 * @text: where to: commands for nft -f, which the caller frees; NULL on failure
 * @err:  filled on failure
 *
 * The commands replace the table NFT_TABLE (nft/table.h) and touch nothing else. The text depends
 * only on the plan and @opts. It is for nft 1.0.6 and later and kernels 5.10 and later. A plan
 * without a default for a side needs CONFIG_NF_CONNTRACK_ZONES.
 *
 * Returns 0, -EINVAL if nft's language cannot express the plan, or -E2BIG if it would take too long
 * to load.
 */
int nft_ruleset_write(const struct dispatch *d, const struct nft_ruleset_opts *opts, char **text,
		      struct err *err);

#endif
