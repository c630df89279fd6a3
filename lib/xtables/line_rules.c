// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/line_rules.h"

#include <stdbool.h>
#include <stdlib.h>

#include "packet/net.h"
#include "plan/plan.h"
#include "util/alloc.h"
#include "xtables/port_tree.h"

/* So many rules for the pairs of two lists of networks: chains for each list would cost more, and
 * be deeper. */
#define PAIRS 8

/* The part of a list of networks that one family's packets are asked for. */
struct asked {
	const struct net **v;
	size_t n;
	bool negated;
};

static struct asked ask_nets(const struct trees *t, const struct plan_nets *nets)
{
	struct asked a = { .v = alloc_zeroed(nets->n + 1, sizeof(struct net *)),
			   .negated = nets->negated };
	size_t i;

	for (i = 0; i < nets->n; i++) {
		if (nets->v[i].family != dispatch_af(t->family))
			continue;
		/* all addresses; with "!" no packet would fit, and the line would not be here */
		if (!nets->v[i].len) {
			a.n = 0;
			break;
		}
		a.v[a.n++] = &nets->v[i];
	}
	return a;
}

/* The line's interface, if a rule with this view can ask for it. */
static struct chain_rule ask_iface(const struct line_view *view, const struct plan_line *line)
{
	const struct plan_iface *iface = line->side == SIDE_CLIENT ? &line->out : &line->in;
	struct chain_rule rule = { 0 };

	if (!iface->name[0] || !view->knows_iface)
		return rule;
	if (view->leaves) {
		rule.out = iface->name;
		rule.out_not = iface->negated;
	} else {
		rule.in = iface->name;
		rule.in_not = iface->negated;
	}
	return rule;
}

static struct chain_rule with_nets(struct chain_rule rule, const struct asked *src, size_t i,
				   const struct asked *dst, size_t j)
{
	if (src && src->n) {
		rule.src = src->v[i];
		rule.src_not = src->negated;
	}
	if (dst && dst->n) {
		rule.dst = dst->v[j];
		rule.dst_not = dst->negated;
	}
	return rule;
}

/* One rule for each pair of networks. */
static void try_pairs(struct trees *t, unsigned int chain, struct chain_rule rule,
		      const struct asked *src, const struct asked *dst, int target)
{
	size_t i, j;

	for (i = 0; i == 0 || (src && i < src->n); i++)
		for (j = 0; j == 0 || (dst && j < dst->n); j++)
			trees_goto(t, chain, with_nets(rule, src, i, dst, j), target);
}

/* Sends packets with an address of a negated list to the next line. */
static void try_not(struct trees *t, unsigned int chain, const struct asked *src,
		    const struct asked *dst, int next)
{
	struct asked plain_src = *src, plain_dst = *dst;

	plain_src.negated = plain_dst.negated = false;
	if (src->negated && src->n)
		try_pairs(t, chain, (struct chain_rule){ 0 }, &plain_src, NULL, next);
	if (dst->negated && dst->n)
		try_pairs(t, chain, (struct chain_rule){ 0 }, NULL, &plain_dst, next);
}

/* A line that needs more than one rule for each network: it gets its own chains, and a chain for
 * the lines after it. */
static unsigned int try_in_chains(struct trees *t, unsigned int chain, struct chain_rule iface,
				  const struct asked *src, const struct asked *dst, int target)
{
	unsigned int next = chain_new(t->set, "SECMARK2-N%zu", t->set->n), second;

	if (iface.in || iface.out) {
		iface.in_not = iface.in && !iface.in_not;
		iface.out_not = iface.out && !iface.out_not;
		trees_goto(t, chain, iface, next);
	}
	try_not(t, chain, src, dst, next);
	if (src->n && !src->negated && dst->n && !dst->negated) {
		second = chain_new(t->set, "SECMARK2-N%zu", t->set->n);
		try_pairs(t, chain, (struct chain_rule){ 0 }, src, NULL, second);
		trees_end(t, chain, next);
		chain = second;
		try_pairs(t, chain, (struct chain_rule){ 0 }, NULL, dst, target);
	} else if ((src->n && !src->negated) || (dst->n && !dst->negated)) {
		try_pairs(t, chain, (struct chain_rule){ 0 }, src->negated ? NULL : src,
			  dst->negated ? NULL : dst, target);
	} else {
		trees_end(t, chain, target);
		return next;
	}
	trees_end(t, chain, next);
	return next;
}

unsigned int line_rules(struct trees *t, const struct line_view *view, unsigned int chain,
			const struct plan_line *line, int target)
{
	struct asked from = ask_nets(t, &line->from), to = ask_nets(t, &line->to);
	const struct asked *src = view->turned ? &to : &from, *dst = view->turned ? &from : &to;
	struct chain_rule rule = ask_iface(view, line);

	if ((src->negated && src->n > 1) || (dst->negated && dst->n > 1) || src->n * dst->n > PAIRS)
		chain = try_in_chains(t, chain, rule, src, dst, target);
	else
		try_pairs(t, chain, rule, src, dst, target);
	free(from.v);
	free(to.v);
	return chain;
}
