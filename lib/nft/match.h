/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_MATCH_H
#define SECMARK2_NFT_MATCH_H

#include <stdbool.h>
#include <stdio.h>

#include "compile/dispatch.h"

struct err;
struct plan;

/* How what a line says is to be read off a packet. */
struct nft_view {
	bool reversed; /* the packet goes the other way: its source is the line's destination */
	bool route;    /* before routing: the outgoing interface is the one that a route gives */
};

/**
 * nft_match - what a line asks for besides protocol and port, as expressions of a rule
 * @line:   the line, which some packets of the family fit (dispatch_fit, nft_match_never)
 * @family: of the packets
 * @view:   how to look at them
 * @out:    where to; what is written ends in a blank
 */
void nft_match(const struct plan_line *line, enum dispatch_family family,
	       const struct nft_view *view, FILE *out);

/* Does the line ask for an interface that no packet has? */
bool nft_match_never(const struct plan_line *line);

/**
 * nft_match_check - can all that a plan asks for be said in nft's language?
 * @plan: the plan
 * @err:  filled on failure
 *
 * Returns 0, or -EINVAL for the name of an interface that nft has no way to quote.
 */
int nft_match_check(const struct plan *plan, struct err *err);

#endif
