/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_RULESET_H
#define SECMARK2_NFT_RULESET_H

struct dispatch;
struct err;

struct nftables_opts {
	/*
	 * The policy's context of packets without a label, where whoever loads the rules may
	 * relabelto it, or NULL. Without it a packet that has no connection and for which there is
	 * no line keeps a label that it brought along, from another network namespace or through
	 * loopback.
	 */
	const char *unlabeled;
};

/**
 * nftables_write - a plan as one transaction for nft
 * @d:    the plan by ports
 * @opts: see above
 * @text: where to: commands for nft -f, which the caller frees; NULL on failure
 * @err:  filled on failure
 *
 * They put the table NFT_TABLE (nft_table.h) in place of the one that there may be,
 * and touch nothing else. The text depends on the plan and @opts alone.
 * Written for nft 1.0.6 and later, kernels 5.10 and later; a plan that has no
 * default for a side needs CONFIG_NF_CONNTRACK_ZONES.
 *
 * Returns 0, or -EINVAL for what nft's language cannot say.
 */
int nftables_write(const struct dispatch *d, const struct nftables_opts *opts, char **text,
		   struct err *err);

#endif
