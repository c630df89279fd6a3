/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_NFT_LIST_H
#define SECMARK2_DUMP_NFT_LIST_H

#include <stddef.h>

#include "util/diag.h"

/* The parts of an nft ruleset that a caller wants. */
struct nft_list_ops {
	/* the context of a secmark object */
	void (*context)(void *arg, struct pos pos, const char *context);
	/* a rule of iptables-nft; nft knows only the name of its target */
	void (*target)(void *arg, struct pos pos, const char *name);
};

/**
 * nft_list_read - find the contexts of an nft ruleset
 * @file: its name in errors
 * @text: the output of "nft list ruleset" or "nft -j list ruleset", or a file
 *        for nft -f; need not end in a NUL
 * @len:  its length in bytes
 * @ops:  called for everything that is found, in the order of the text
 * @arg:  their first argument
 * @diag: gets the errors
 *
 * A text is JSON if its first character is a brace. The reader knows only as much
 * of nft's language as it needs to find secmark objects.
 *
 * Returns 0, or -EINVAL.
 */
int nft_list_read(const char *file, const char *text, size_t len, const struct nft_list_ops *ops,
		  void *arg, struct diag *diag);

#endif
