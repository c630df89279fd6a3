/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_PORT_TREE_H
#define SECMARK2_XTABLES_PORT_TREE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "compile/dispatch.h"
#include "xtables/chain.h"

/* Chains within chains, the built-in one included: NFT_JUMP_STACK_SIZE,
 * include/net/netfilter/nf_tables.h */
#define XT_NFT_DEPTH 16

/* What the caller knows of the machine. */
struct xt_opts {
	/* The kernel has xt_secmark2. */
	bool module;
	/* ACCEPT ends the table for everyone: true where nobody else has rules in it. Otherwise
	 * nothing is ended, at the price of some instructions. */
	bool accept;
	/* The rules are for iptables-nft, whose kernel half follows no more than 16 chains
	 * (XT_NFT_DEPTH). */
	bool nft;
	/* The policy's unlabeled context: what packets get that bring a label from another network
	 * namespace and have none here. Whoever loads the rules needs relabelto for it. NULL: such
	 * packets keep theirs. */
	const char *unlabeled;
	/* Interfaces whose packets cannot bring a label: hardware, and what the plan trusts. May
	 * end in +. */
	const char (*fast)[IFNAMSIZ];
	size_t n_fast;
};

/* A side of the plan, looked up for the packets of a hook. */
enum walk {
	WALK_SERVER_IN,  /* by the destination's port: for us */
	WALK_CLIENT_IN,  /* by the source's: an answer to us */
	WALK_SERVER_OUT, /* by the source's: our answer */
	WALK_CLIENT_OUT, /* by the destination's: from us */
	WALK_ACTIVE_IN,  /* by FTP's: an answer to what our server opened */
	WALK_FORWARD,
	WALK_FORWARD_BACK, /* by the source's: the answer to what we forwarded */
	WALKS,
};

/* No chain: there is nothing to do. */
#define NOWHERE -1

/* Chains that are made when first asked for; NOT_YET until then. */
struct walks {
	const struct dispatch *d;
	enum dispatch_family family;
	const struct xt_opts *opts;
	size_t levels; /* of a tree of ports, chains below each other: with fewer, more rules are
			  met */
	struct chain_set *set;
	int *leaf; /* by label */
	int unlabeled, unlabeled_saved;
	struct {
		int root, miss;
		int *proto;    /* by index of the side's protocols */
		int *decision; /* by index of the side's decisions */
	} walk[WALKS];
};

void walks_init(struct walks *w, const struct dispatch *d, enum dispatch_family family,
		const struct xt_opts *opts, size_t levels, struct chain_set *set);
void walks_free(struct walks *w);

/* Does the side have lines, defaults aside? */
bool walks_side_has_lines(const struct walks *w, enum side side);

/* A rule that goes to a chain; to NOWHERE: that returns to the hook. */
void walks_goto(struct walks *w, unsigned int chain, struct chain_rule rule, int target);

/* Where a chain goes at its end; NOWHERE: back to the hook, which needs no rule. */
void walks_end(struct walks *w, unsigned int chain, int target);

/* How a packet leaves the table, or our part of it. */
struct chain_rule walks_done(const struct walks *w, struct chain_rule rule);

/* Adds the rules that look a packet up to a chain's end. */
void walks_rules(struct walks *w, enum walk walk, unsigned int chain);

/* The chain of these rules. */
int walks_root(struct walks *w, enum walk walk);

/* The chain that takes a label from a packet, or NOWHERE; and which saves that with the connection.
 */
int walks_unlabeled(struct walks *w);
int walks_unlabeled_saved(struct walks *w);

#endif
