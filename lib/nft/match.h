/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_MATCH_H
#define SECMARK2_NFT_MATCH_H

#include <stdbool.h>
#include <stdio.h>

#include "compile/dispatch.h"

struct err;
struct plan;

/* How a packet relates to a line. */
struct nft_view {
	bool reversed; /* the packet goes in the opposite direction: its source is the line's
			  destination */
	bool route;    /* before routing: look up a route to find the outgoing interface */
};

/**
 * nft_match - write a line's conditions other than protocol and port as expressions of a rule
 * @line: the line; some packets of the family have to fit it (dispatch_fit, nft_match_never)
 * @family: family of the packets
 * @view:   how to look at them
 * @out: where to; the text ends in a blank
 */
void nft_match(const struct plan_line *line, enum dispatch_family family,
	       const struct nft_view *view, FILE *out);

/* Does the line ask for an interface that no packet has? */
bool nft_match_never(const struct plan_line *line);

/**
 * nft_match_check - can nft's language express everything in a plan?
 * @plan: the plan
 * @err:  filled on failure
 *
 * Returns 0, or -EINVAL for an interface name that nft cannot quote.
 */
int nft_match_check(const struct plan *plan, struct err *err);

#endif
