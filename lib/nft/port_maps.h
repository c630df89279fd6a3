/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_PORT_MAPS_H
#define SECMARK2_NFT_PORT_MAPS_H

#include <stdbool.h>
#include <stdio.h>

#include "compile/dispatch_inet.h"
#include "nft/match.h"
#include "nft/secmark_objects.h"

/* See nft/line_chains.h. */
struct nft_line_chains {
	bool on;
	bool *marks; /* for each line and family: it was met in this pass */
};

/* What the rules of a table are made from, and where they are written. */
struct nft_rules {
	const struct dispatch *d;
	struct inet_side side[SIDES];
	struct nft_secmarks labels;
	struct nft_line_chains lines;
	FILE *maps;
	FILE *chains;
};

/* One way to look up a side. Each way has its own chains, because they treat packets differently.
 */
struct nft_ask {
	const char *name; /* name of its maps, and with a number of its chains */
	enum side side;
	struct nft_view view;
	bool save; /* the connection gets the label, too */
};

/* Writes the maps from ports to labels of a side; all ways to look it up share them. */
void nft_ask_maps(struct nft_rules *r, enum side side);

/**
 * nft_ask_ports - rules that look up protocol and port together
 * @r: gets the rules, in its chains
 * @ask: the way to look up
 *
 * A packet that fits a line gets its label and is accepted. Other packets continue after the rules.
 */
void nft_ask_ports(struct nft_rules *r, const struct nft_ask *ask);

/**
 * nft_ask_rest - rules for what nft_ask_ports() does not cover: wide ranges of ports, protocols,
 * "any"
 * @r:   the rules
 * @ask: the way to look up
 *
 * Returns true if no packet continues after them.
 */
bool nft_ask_rest(struct nft_rules *r, const struct nft_ask *ask);

/* Ends a rule with an outcome that is known already; the text before it selects the packets. */
void nft_ask_outcome(struct nft_rules *r, const struct nft_ask *ask, unsigned int outcome);

/* Writes the chains, and maps of chains, that the rules of nft_ask_ports() and nft_ask_rest() use.
 */
void nft_ask_chains(struct nft_rules *r, const struct nft_ask *ask);

/* "meta secmark set LABEL ... accept" and the end of the line */
void nft_ask_label(struct nft_rules *r, const struct nft_ask *ask, unsigned int label);

#endif
