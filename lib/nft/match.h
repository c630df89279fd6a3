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
	bool reversed;  /* the packet goes in the opposite direction: its source is the line's
			   destination */
	bool route;     /* before routing: look up a route to find the outgoing interface */
	bool unrouted;  /* before DNAT: nothing tells the outgoing interface */
	bool any_iface; /* lines fit whatever interfaces they ask for */
};

/* Writes what a rule asks so that packets are of a family, and fit the interfaces of a line. Like
 * the next text, it ends in a blank. */
void nft_match_ifaces(const struct plan_line *line, enum dispatch_family family,
		      const struct nft_view *view, FILE *out);

/* Writes what a rule asks so that an address, "saddr" or "daddr", fits a list; nothing if all
 * addresses do. Some have to (dispatch_fit). */
void nft_match_nets(const struct plan_nets *nets, enum dispatch_family family, const char *field,
		    FILE *out);

/* The number of networks of a list that it asks for; with more than one it needs a set. */
size_t nft_match_count(const struct plan_nets *nets, enum dispatch_family family);

/* Does the line ask for an interface that no packet has, or that nothing tells? */
bool nft_match_never(const struct plan_line *line, const struct nft_view *view);

/**
 * nft_match_check - can nft's language express everything in a plan?
 * @plan: the plan
 * @err:  filled on failure
 *
 * Returns 0, or -EINVAL for an interface name that nft cannot quote.
 */
int nft_match_check(const struct plan *plan, struct err *err);

#endif
