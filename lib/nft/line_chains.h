/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_LINE_CHAINS_H
#define SECMARK2_NFT_LINE_CHAINS_H

#include <stdbool.h>
#include <stddef.h>

#include "compile/dispatch.h"

struct err;
struct nft_ask;
struct nft_rules;
struct plan_line;

/*
 * A list of networks is a set of nft, in each rule that asks for it. The kernel searches all sets
 * of a table for each new one, so very many sets take minutes to load. A plan with more of them has
 * a chain for each line with a list, which asks for its networks one by one.
 */

/**
 * nft_line_chains_start - decide whether lines have chains
 * @r:        the rules; r->d is known. Free with nft_line_chains_free(), also after a failure
 * @sets_max: with more sets, they do; 0: the usual limit
 * @err:      filled on failure
 *
 * Returns 0, or -E2BIG for a plan that would take too long to load; @err names the line.
 */
int nft_line_chains_start(struct nft_rules *r, size_t sets_max, struct err *err);

/* Writes a rule that gives the line's label to packets that fit the line, except for protocol and
 * port. */
void nft_line_chains_rule(struct nft_rules *r, const struct nft_ask *ask,
			  const struct plan_line *line, enum dispatch_family family);

/* Writes the chains of the lines of the ask's side: these rules go there. */
void nft_line_chains_write(struct nft_rules *r, const struct nft_ask *ask);

void nft_line_chains_free(struct nft_rules *r);

#endif
