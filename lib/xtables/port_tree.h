/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_PORT_TREE_H
#define SECMARK2_XTABLES_PORT_TREE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "xtables/trees.h"

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
	/* Interfaces whose packets cannot bring a label: hardware, and those that the plan trusts,
	 * where a name may end in +. And VRFs: a packet within one is as over lo. */
	const char (*fast)[IFNAMSIZ], (*vrfs)[IFNAMSIZ];
	size_t n_fast, n_vrfs;
	/* The kernel has no such match. Then no rule asks for FTP's data connections, or there are
	 * no rules for forwarded packets. */
	bool no_helper, no_addrtype;
};

/* Adds to a chain the rules that look a packet up. The second one sends TCP to another chain. */
void trees_rules(struct trees *t, enum tree tree, unsigned int chain);
void trees_rules_but_tcp(struct trees *t, enum tree tree, unsigned int chain, int tcp);

/* The chain that has these rules; the one for TCP. */
int trees_root(struct trees *t, enum tree tree);
int trees_tcp(struct trees *t, enum tree tree);

/*
 * The chains for packets against the direction of their connection, where each packet is looked up.
 * They are answers to a client; or go to a server that sent the first packet of the connection that
 * conntrack saw. For TCP the ports tell.
 */
int trees_reply_in(struct trees *t);
int trees_reply_forward(struct trees *t);

#endif
