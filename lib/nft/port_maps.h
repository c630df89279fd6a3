/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_PORT_MAPS_H
#define SECMARK2_NFT_PORT_MAPS_H

#include <stdbool.h>
#include <stdio.h>

#include "compile/dispatch_inet.h"
#include "nft/match.h"
#include "nft/secmark_objects.h"

/* What the rules of a table are made of, and where they go. */
struct nft_rules {
	const struct dispatch *d;
	struct both_side side[SIDES];
	struct nft_labels labels;
	FILE *maps;
	FILE *chains;
};

/* One way to ask the lines of a side. Each has chains of its own: what they do to a packet differs.
 */
struct nft_ask {
	const char *name; /* of its maps, and of its chains with a number */
	enum side side;
	struct nft_view view;
	bool save; /* the connection keeps the answer */
};

/* The maps from ports to labels that all who ask a side share. */
void nft_ask_maps(struct nft_rules *r, enum side side);

/**
 * nft_ask_ports - rules that ask for the protocol with its port
 * @r:   the rules; they go to its chains
 * @ask: who asks
 *
 * A packet for which there is a line gets its label and leaves the chain for
 * good; any other one comes out behind the rules.
 */
void nft_ask_ports(struct nft_rules *r, const struct nft_ask *ask);

/**
 * nft_ask_rest - rules that ask for what nft_ask_ports() has left: wide ranges of ports, protocols,
 * "any"
 * @r:   the rules
 * @ask: who asks
 *
 * Returns true if no packet comes out behind them.
 */
bool nft_ask_rest(struct nft_rules *r, const struct nft_ask *ask);

/* A rule for the packets of another one that the outcome is known for: what is written before it
 * selects them. */
void nft_ask_outcome(struct nft_rules *r, const struct nft_ask *ask, unsigned int outcome);

/* The chains and maps of chains that the rules of nft_ask_ports() and nft_ask_rest() go to. */
void nft_ask_chains(struct nft_rules *r, const struct nft_ask *ask);

/* "meta secmark set LABEL ... accept" and the end of the line */
void nft_ask_label(struct nft_rules *r, const struct nft_ask *ask, unsigned int label);

#endif
