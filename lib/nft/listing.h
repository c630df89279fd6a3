/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_LISTING_H
#define SECMARK2_NFT_LISTING_H

struct err;

/**
 * nft_listing_read - what "nft -j list ruleset" prints
 * @text: where to; the caller frees it
 * @err:  filled on failure
 *
 * Runs no program: under some policies nft has a domain that may not start to write JSON, and a
 * record of each attempt would be in the audit log. Returns 0 or -errno.
 */
int nft_listing_read(char **text, struct err *err);

#endif
