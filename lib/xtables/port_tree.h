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
enum tree {
	TREE_SERVER_IN,  /* by the destination's port: for us */
	TREE_CLIENT_IN,  /* by the source's: an answer to us */
	TREE_SERVER_OUT, /* by the source's: our answer */
	TREE_CLIENT_OUT, /* by the destination's: from us */
	TREE_ACTIVE_IN,  /* by FTP's: an answer to what our server opened */
	TREE_FORWARD,
	TREE_FORWARD_BACK, /* by the source's: the answer to what we forwarded */
	TREES,
};

/* No chain: there is nothing to do. */
#define NOWHERE -1

/* Chains that are made when first asked for; NOT_YET until then. */
struct trees {
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
	} tree[TREES];
};

void trees_init(struct trees *t, const struct dispatch *d, enum dispatch_family family,
		const struct xt_opts *opts, size_t levels, struct chain_set *set);
void trees_free(struct trees *t);

/* Does the side have lines, defaults aside? */
bool trees_side_has_lines(const struct trees *t, enum side side);

/* A rule that goes to a chain; to NOWHERE: that returns to the hook. */
void trees_goto(struct trees *t, unsigned int chain, struct chain_rule rule, int target);

/* Where a chain goes at its end; NOWHERE: back to the hook, which needs no rule. */
void trees_end(struct trees *t, unsigned int chain, int target);

/* How a packet leaves the table, or our part of it. */
struct chain_rule trees_done(const struct trees *t, struct chain_rule rule);

/* Adds the rules that look a packet up to a chain's end. */
void trees_rules(struct trees *t, enum tree tree, unsigned int chain);

/* The chain of these rules. */
int trees_root(struct trees *t, enum tree tree);

/* The chain that takes a label from a packet, or NOWHERE; and which saves that with the connection.
 */
int trees_unlabeled(struct trees *t);
int trees_unlabeled_saved(struct trees *t);

#endif
