/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_RULESET_H
#define SECMARK2_NFT_RULESET_H

struct dispatch;
struct err;

struct nft_ruleset_opts {
	/*
	 * The policy's context for packets without a label, if this process may relabelto it, or
	 * NULL. With NULL a packet that has no connection and fits no line keeps the label that it
	 * brought from another network namespace or over loopback. */
	const char *unlabeled;
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
 * Returns 0, or -EINVAL if nft's language cannot express the plan.
 */
int nft_ruleset_write(const struct dispatch *d, const struct nft_ruleset_opts *opts, char **text,
		      struct err *err);

#endif
