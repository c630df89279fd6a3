/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_SECMARK_OBJECTS_H
#define SECMARK2_NFT_SECMARK_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct dispatch;

/* The secmark objects of a plan's contexts: nft knows a label by such a name only. */
struct nft_labels {
	const struct dispatch *d;
	char **names; /* by index of the label */
	bool *used;
};

/* Names every label: by its type where that can be a name and no other label has it. End it with
 * nft_labels_free(). */
void nft_labels_start(struct nft_labels *labels, const struct dispatch *d);

/* The name of a label's object, which is declared from now on. */
const char *nft_label(struct nft_labels *labels, unsigned int label);

/* Declares the objects that were asked for, and no others: one that is declared has the kernel
 * check packets. */
void nft_labels_write(const struct nft_labels *labels, FILE *out);

/* Frees what is in it; it is empty then. */
void nft_labels_free(struct nft_labels *labels);

#endif
