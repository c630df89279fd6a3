/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_FINGERPRINT_H
#define SECMARK2_NFT_FINGERPRINT_H

#include <stdbool.h>
#include <stdint.h>

/* A fingerprint of the table NFT_TABLE as the kernel has it, of the network namespace that the
 * process is in. */
struct nft_print {
	bool exists;   /* is there such a table? */
	uint64_t hash; /* changes with every change to it, but for the seal itself */
	char seal[64]; /* comment of the chain NFT_SEAL, which is not part of the hash; empty
			  without one */
};

/**
 * nft_print_take - take the table's fingerprint
 * @p: where to
 *
 * Returns 0 or -errno: -EPERM without CAP_NET_ADMIN; -EINTR if somebody
 * changed rules meanwhile.
 */
int nft_print_take(struct nft_print *p);

/**
 * nft_print_generation - how many transactions nf_tables has seen
 * @generation: where to: a number that each one makes one larger, whosoever it is, in this network
 * namespace
 *
 * Returns 0 or -errno.
 */
int nft_print_generation(uint32_t *generation);

/* Of a text. */
uint64_t nft_print_text(const char *text);

#endif
