/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_FINGERPRINT_H
#define SECMARK2_NFT_FINGERPRINT_H

#include <stdbool.h>
#include <stdint.h>

/* A fingerprint of the table NFT_TABLE in the kernel, in the network namespace of this process. */
struct nft_fingerprint {
	bool exists;   /* is there such a table? */
	bool any_rule; /* and has it a rule? */
	uint64_t hash; /* differs after every change to the table other than to the seal */
	char seal[64]; /* comment of the chain NFT_SEAL, which is not part of the hash; empty
			  without one */
};

/**
 * nft_fingerprint_take - take the table's fingerprint
 * @p: where to
 *
 * Returns 0 or -errno: -EPERM without CAP_NET_ADMIN; -EINTR if somebody
 * changed rules meanwhile.
 */
int nft_fingerprint_take(struct nft_fingerprint *p);

#endif
