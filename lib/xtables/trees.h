/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_TREES_H
#define SECMARK2_XTABLES_TREES_H

#include <stdbool.h>
#include <stddef.h>

#include "compile/dispatch.h"
#include "xtables/chain.h"
#include "xtables/tree_kind.h"

struct xt_opts;

/* No chain: back to the hook. */
#define NOWHERE -1
#define NOT_YET -2

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

const struct dispatch_side *trees_side(const struct trees *t, enum side side);

/* Does the side have lines other than the default? */
bool trees_side_has_lines(const struct trees *t, enum side side);

/* Adds a rule that goes to a chain, or with NOWHERE returns to the hook. */
void trees_goto(struct trees *t, unsigned int chain, struct chain_rule rule, int target);

/* Says where a chain goes at its end. NOWHERE: back to the hook, which needs no rule. */
void trees_end(struct trees *t, unsigned int chain, int target);

/* A rule with which a packet leaves the table, or our part of it. */
struct chain_rule trees_done(const struct trees *t, struct chain_rule rule);

/* The chain that gives a packet the label of a line, and its connection, too. */
int trees_leaf(struct trees *t, const struct plan_line *line);

/* The chain that takes a packet's label away, or NOWHERE. The second one saves that with the
 * connection. */
int trees_unlabeled(struct trees *t);
int trees_unlabeled_saved(struct trees *t);

#endif
