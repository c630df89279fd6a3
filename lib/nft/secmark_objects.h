/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_SECMARK_OBJECTS_H
#define SECMARK2_NFT_SECMARK_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct dispatch;

/* The secmark objects of a plan's contexts: nft refers to a label by such a name. */
struct nft_secmarks {
	const struct dispatch *d;
	char **names; /* indexed by label */
	bool *used;
};

/* Names every label: by its type, if that can be a name and no other label has it. End it with
 * nft_secmarks_free(). */
void nft_secmarks_start(struct nft_secmarks *labels, const struct dispatch *d);

/* The name of a label's object. nft_secmarks_write() declares it. */
const char *nft_secmark(struct nft_secmarks *labels, unsigned int label);

/* Declares only the objects that were asked for: the kernel starts to check packets when one is
 * declared. */
void nft_secmarks_write(const struct nft_secmarks *labels, FILE *out);

/* Frees what is in it, and leaves it empty. */
void nft_secmarks_free(struct nft_secmarks *labels);

#endif
