/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_NFT_LIST_H
#define SECMARK2_DUMP_NFT_LIST_H

#include <stddef.h>

#include "util/diag.h"

/* What is of interest in an nft ruleset. */
struct nft_contexts_ops {
	/* the context of a secmark object */
	void (*context)(void *arg, struct pos pos, const char *context);
	/* a rule of iptables-nft, of which nft knows only the target's name */
	void (*target)(void *arg, struct pos pos, const char *name);
};

/**
 * nft_contexts_read - find the contexts of an nft ruleset
 * @file: how errors call it
 * @text: what "nft list ruleset" prints, or "nft -j list ruleset", or a file
 *        for nft -f; need not end in a NUL
 * @len:  its length in bytes
 * @ops:  what to call for all that is found, in the order of the text
 * @arg:  their first argument
 * @diag: gets what cannot be read
 *
 * A text is JSON if its first character is a brace. Only as much of nft's
 * language is understood as it takes to find secmark objects.
 *
 * Returns 0, or -EINVAL.
 */
int nft_contexts_read(const char *file, const char *text, size_t len,
		      const struct nft_contexts_ops *ops, void *arg, struct diag *diag);

#endif
