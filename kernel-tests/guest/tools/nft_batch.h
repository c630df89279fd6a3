/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_NFT_BATCH_H
#define GUEST_NFT_BATCH_H

#include <stddef.h>

/* Messages to nf_tables, which the kernel does all or none of. {0} is an empty batch. */
struct nft_batch {
	char buf[2048];
	size_t len;
};

/* The first message of a batch, and the last one. */
void nft_batch_begin(struct nft_batch *b);
void nft_batch_end(struct nft_batch *b);

/*
 * Adds a message. type: NFT_MSG_...; flags: NLM_F_..., without NLM_F_REQUEST; family: NFPROTO_...;
 * attrs: its attributes, len bytes. Ends the program if the batch has no room for it.
 */
void nft_batch_add(struct nft_batch *b, int type, int flags, int family, const void *attrs,
		   size_t len);

/*
 * Sends the batch and waits till the kernel has done it. Returns 0, a positive errno of the first
 * message that the kernel refused, or -errno if the batch could not be sent.
 */
int nft_batch_send(const struct nft_batch *b);

#endif
