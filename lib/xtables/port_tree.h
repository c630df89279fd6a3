/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_PORT_TREE_H
#define SECMARK2_XTABLES_PORT_TREE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "compile/dispatch.h"
#include "xtables/chain.h"

/* The depth of chains, counting the built-in one: NFT_JUMP_STACK_SIZE,
 * include/net/netfilter/nf_tables.h */
#define XT_NFT_DEPTH 16
/* The most rules for a family. iptables-legacy loads 450,000 in 4 seconds, iptables-nft 200,000 in
 * 16, and 450,000 in more than 4 minutes. */
#define XT_RULES_MAX 1000000
#define XT_NFT_RULES_MAX 200000

/* What the caller knows about the machine. */
struct xt_opts {
	/* The kernel has xt_secmark2. */
	bool module;
	/* True if nobody else has rules in the table: rules may then end it with ACCEPT. Otherwise
	 * packets continue to the rules of others, at the price of some instructions. */
	bool accept;
	/* The rules are for iptables-nft: in the kernel it follows at most XT_NFT_DEPTH chains. */
	bool nft;
	/* The policy's context for packets without a label. Packets get it if they bring a label
	 * from another network namespace and the plan gives them none. The process that loads the
	 * rules needs relabelto for it. NULL: such packets keep the label that they brought. */
	const char *unlabeled;
	/* Interfaces whose packets cannot bring a label: hardware, and the ones that the plan
	 * trusts. A name may end in +. */
	const char (*fast)[IFNAMSIZ];
	size_t n_fast;
	/* The kernel has no such match. Then no rule asks for FTP's data connections, or there are
	 * no rules for forwarded packets. */
	bool no_helper, no_addrtype;
};

/* The trees of ports. Each looks up one side of the plan for the packets of a hook. */
enum tree {
	TREE_SERVER_IN,  /* by the destination's port: to this host */
	TREE_CLIENT_IN,  /* by the source's: an answer to this host */
	TREE_SERVER_OUT, /* by the source's: this host's answer */
	TREE_CLIENT_OUT, /* by the destination's: from this host */
	TREE_ACTIVE_IN,  /* by FTP's port: an answer to this host's active FTP server */
	TREE_FORWARD,
	TREE_FORWARD_BACK, /* by the source's: the answer to a forwarded packet */
	TREES,
};

/* No chain: back to the hook. */
#define NOWHERE -1

/* A chain is made when it is first asked for; until then it is NOT_YET. */
struct trees {
	const struct dispatch *d;
	enum dispatch_family family;
	const struct xt_opts *opts;
	size_t levels; /* the depth of a tree of ports, in chains; with fewer levels a packet meets
			  more rules */
	struct chain_set *set;
	/* the line with which the set got more than XT_RULES_MAX rules: what is built then is not
	 * whole; and the line that is at the end of the longest row of chains. Or NULL */
	const struct plan_line *over, *last_in_row;
	size_t longest_row;
	int *leaf; /* by label */
	int unlabeled, unlabeled_saved, outer_in;
	struct {
		int root, miss_any;
		int miss[2];   /* of the outer packet of a tunnel: the second */
		int *proto;    /* by index of the side's protocols */
		int *decision; /* by index of the side's decisions */
	} tree[TREES];
};

void trees_init(struct trees *t, const struct dispatch *d, enum dispatch_family family,
		const struct xt_opts *opts, size_t levels, struct chain_set *set);
void trees_free(struct trees *t);

/* Does the side have lines other than the default? */
bool trees_side_has_lines(const struct trees *t, enum side side);

/* Adds a rule that goes to a chain, or with NOWHERE returns to the hook. */
void trees_goto(struct trees *t, unsigned int chain, struct chain_rule rule, int target);

/* Says where a chain goes at its end. NOWHERE: back to the hook, which needs no rule. */
void trees_end(struct trees *t, unsigned int chain, int target);

/* A rule with which a packet leaves the table, or our part of it. */
struct chain_rule trees_done(const struct trees *t, struct chain_rule rule);

/* Adds to a chain the rules that look a packet up. */
void trees_rules(struct trees *t, enum tree tree, unsigned int chain);

/* The chain that has these rules. */
int trees_root(struct trees *t, enum tree tree);

/* The chain that takes a packet's label away, or NOWHERE. The second one saves that with the
 * connection. */
int trees_unlabeled(struct trees *t);
int trees_unlabeled_saved(struct trees *t);

#endif
