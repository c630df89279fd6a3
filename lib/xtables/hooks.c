// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/hooks.h"

#include <errno.h>
#include <netinet/in.h>

#include "packet/net.h"
#include "plan/plan.h"
#include "util/diag.h"
#include "xtables/chain.h"
#include "xtables/port_tree.h"

/* Of a tree of ports: enough to halve all ports that there are until four are left. */
#define LEVELS_MAX 16

const char *xt_chains_table(const struct plan *plan)
{
	return plan_is_in_mangle(plan) ? "mangle" : "security";
}

static unsigned int hook_chain(struct trees *t, const char *hook)
{
	unsigned int c = chain_new(t->set, "SECMARK2-%s", hook);

	t->set->v[c].hook = hook;
	return c;
}

static void done(struct trees *t, unsigned int c, struct chain_rule rule)
{
	chain_add(t->set, c, trees_done(t, rule));
}

/* With the module: what belongs to a labeled connection has its label, whatever it brought, and is
 * done. */
static void restore(struct trees *t, unsigned int c, struct chain_rule which)
{
	struct chain_rule rule = which;

	rule.action = CHAIN_RESTORE;
	rule.flags = CHAIN_F_MODULE | CHAIN_F_OVERWRITE | (t->opts->accept ? CHAIN_F_ACCEPT : 0);
	chain_add(t->set, c, rule);
	if (!t->opts->accept) {
		which.conn_labeled = true;
		done(t, c, which);
	}
}

/* The stock target never overwrites: what came from elsewhere with a label keeps it, and has to be
 * looked up. */
static void restore_stock(struct trees *t, unsigned int c, struct chain_rule rule)
{
	size_t i;

	rule.action = CHAIN_RESTORE;
	chain_add(t->set, c, rule);
	for (i = 0; i < t->opts->n_fast; i++)
		done(t, c, (struct chain_rule){ .in = t->opts->fast[i], .states = CHAIN_KNOWN });
	if (!t->d->plan->loopback)
		done(t, c, (struct chain_rule){ .in = "lo", .states = CHAIN_KNOWN });
}

/*
 * Answers that restore_stock() has left: none on a fast interface. For iptables-legacy to say so is
 * cheaper than to ask for the direction of all that is new there; one interface is all that a rule
 * can name.
 */
static struct chain_rule answers_left(const struct trees *t)
{
	struct chain_rule rule = { .reply = true };

	if (t->opts->n_fast && !t->opts->nft) {
		rule.in = t->opts->fast[0];
		rule.in_not = true;
	}
	return rule;
}

static struct chain_rule not_in_lo(const struct trees *t)
{
	if (!t->d->plan->loopback)
		return (struct chain_rule){ 0 };
	return (struct chain_rule){ .in = "lo", .in_not = true };
}

static struct chain_rule not_out_lo(const struct trees *t)
{
	if (!t->d->plan->loopback)
		return (struct chain_rule){ 0 };
	return (struct chain_rule){ .out = "lo", .out_not = true };
}

/*
 * Over lo a packet comes with the label that it left with, and its connection has the client's: a
 * request is looked up as the server's, an answer gets the connection's.
 */
static void input_module(struct trees *t, unsigned int c)
{
	struct chain_rule known = not_in_lo(t);
	unsigned int answer;

	restore(t, c, not_in_lo(t));
	if (t->d->plan->loopback) {
		answer = chain_new(t->set, "SECMARK2-LO-REPLY");
		restore(t, answer, (struct chain_rule){ 0 });
		if (trees_unlabeled(t) != NOWHERE)
			trees_goto(t, answer, (struct chain_rule){ 0 }, trees_unlabeled(t));
		trees_goto(t, c, (struct chain_rule){ .in = "lo", .reply = true }, answer);
	}
	/* a connection that is older than the rules */
	known.states = CHAIN_KNOWN;
	trees_goto(t, c, known, trees_unlabeled(t));
	trees_rules(t, TREE_SERVER_IN, c);
}

static void input_stock(struct trees *t, unsigned int c)
{
	restore_stock(t, c, (struct chain_rule){ 0 });
	trees_goto(t, c, answers_left(t), trees_root(t, TREE_CLIENT_IN));
	trees_rules(t, TREE_SERVER_IN, c);
}

/* A flow that we start, or one that we go on with after conntrack has forgotten it. */
static int output_new(struct trees *t)
{
	unsigned int c;

	if (!trees_side_has_lines(t, SIDE_SERVER))
		return trees_root(t, TREE_CLIENT_OUT);
	c = chain_new(t->set, "SECMARK2-OUTPUT-NEW");
	trees_goto(t, c, (struct chain_rule){ .proto = IPPROTO_TCP, .not_syn = true },
		   trees_root(t, TREE_SERVER_OUT));
	trees_rules(t, TREE_CLIENT_OUT, c);
	return c;
}

static void output_module(struct trees *t, unsigned int c)
{
	restore(t, c, not_out_lo(t));
	if (t->d->plan->loopback) {
		trees_goto(t, c, (struct chain_rule){ .out = "lo", .reply = true },
			   trees_root(t, TREE_SERVER_OUT));
		restore(t, c, (struct chain_rule){ .out = "lo" });
	}
	trees_goto(t, c, (struct chain_rule){ .states = CHAIN_NEW }, output_new(t));
	if (t->d->plan->loopback)
		trees_goto(t, c, (struct chain_rule){ .out = "lo", .states = CHAIN_KNOWN },
			   trees_unlabeled_saved(t));
	trees_goto(t, c, (struct chain_rule){ .states = CHAIN_KNOWN }, trees_unlabeled(t));
	trees_goto(t, c, (struct chain_rule){ 0 }, trees_root(t, TREE_SERVER_OUT));
}

static void output_stock(struct trees *t, unsigned int c)
{
	struct chain_rule known = not_out_lo(t);

	chain_add(t->set, c, (struct chain_rule){ .action = CHAIN_RESTORE });
	known.states = CHAIN_KNOWN;
	done(t, c, known);
	trees_goto(t, c, (struct chain_rule){ .states = CHAIN_NEW }, output_new(t));
	if (t->d->plan->loopback) {
		trees_goto(t, c, (struct chain_rule){ .out = "lo", .reply = true },
			   trees_root(t, TREE_SERVER_OUT));
		done(t, c, (struct chain_rule){ .out = "lo", .states = CHAIN_KNOWN });
	}
	trees_goto(t, c, (struct chain_rule){ 0 }, trees_root(t, TREE_SERVER_OUT));
}

/* What is for us is left to INPUT; but an answer to a masqueraded flow has our address as well,
 * here. */
static void prerouting(struct trees *t, unsigned int c)
{
	static const struct chain_rule not_lo = { .in = "lo", .in_not = true };
	static const struct net several6 = { .family = AF_INET6, .len = 8, .addr = { 0xff } };

	if (t->opts->module)
		restore(t, c, not_lo);
	else
		restore_stock(t, c, not_lo);
	/* a port of ours may be forwarded: what such a packet brought is not to be believed behind
	 * that */
	if (trees_unlabeled(t) != NOWHERE)
		trees_goto(t, c, (struct chain_rule){ .to_us = true, .states = CHAIN_NEW },
			   trees_unlabeled(t));
	chain_add(t->set, c, (struct chain_rule){ .to_us = true, .action = CHAIN_RETURN });
	if (t->set->family == AF_INET6)
		chain_add(t->set, c,
			  (struct chain_rule){ .dst = &several6, .action = CHAIN_RETURN });
	if (t->opts->module)
		trees_goto(t, c, (struct chain_rule){ .states = CHAIN_KNOWN }, trees_unlabeled(t));
	else
		trees_goto(t, c, answers_left(t), trees_root(t, TREE_FORWARD_BACK));
	trees_rules(t, TREE_FORWARD, c);
}

static int refuse_out(const struct plan *plan, struct diag *diag)
{
	const struct plan_line *line;
	int ret = 0;

	for (line = plan->lines; line < plan->lines + plan->n_lines; line++) {
		if (line->side != SIDE_FORWARD || !line->out.name[0])
			continue;
		diag_add(diag, DIAG_ERROR, line->pos, line->text, "only the nft backend can",
			 "iptables cannot ask where a packet will leave when it has to be labeled");
		ret = -EOPNOTSUPP;
	}
	return ret;
}

static void build(const struct dispatch *d, enum dispatch_family family, const struct xt_opts *opts,
		  size_t levels, struct chain_set *set)
{
	const struct plan *plan = d->plan;
	struct trees t;

	trees_init(&t, d, family, opts, levels, set);
	/* a side without lines has no labels: not those either that somebody else has given */
	if (plan->n_lines) {
		(opts->module ? input_module : input_stock)(&t, hook_chain(&t, "INPUT"));
		(opts->module ? output_module : output_stock)(&t, hook_chain(&t, "OUTPUT"));
	}
	if (plan_has_side(plan, SIDE_FORWARD))
		prerouting(&t, hook_chain(&t, "PREROUTING"));
	trees_free(&t);
}

/* Builds; true where that is not too deep. The built-in chain counts. */
static bool build_fits(const struct dispatch *d, enum dispatch_family family,
		       const struct xt_opts *opts, size_t levels, struct chain_set *set)
{
	chain_free(set);
	build(d, family, opts, levels, set);
	return !opts->nft || chain_depth(set) < XT_NFT_DEPTH;
}

/* As many levels as fit, found by halves: a build of a large plan takes some time. */
static bool build_deep(const struct dispatch *d, enum dispatch_family family,
		       const struct xt_opts *opts, struct chain_set *set)
{
	size_t fit = 0, most = LEVELS_MAX, levels = LEVELS_MAX;
	bool fits;

	do {
		fits = build_fits(d, family, opts, levels, set);
		if (fits)
			fit = levels;
		else
			most = levels - 1;
		levels = (fit + most + 1) / 2;
	} while (fit < most);
	return fits || (fit && build_fits(d, family, opts, fit, set));
}

int xt_chains_build(const struct dispatch *d, enum dispatch_family family,
		    const struct xt_opts *opts, struct chain_set *set, struct diag *diag)
{
	*set = (struct chain_set){ .family = dispatch_af(family),
				   .table = xt_chains_table(d->plan) };
	if (refuse_out(d->plan, diag))
		return -EOPNOTSUPP;
	if (build_deep(d, family, opts, set))
		return 0;
	chain_free(set);
	diag_add(diag, DIAG_ERROR,
		 (struct pos){ d->plan->n_lines ? d->plan->lines[0].pos.file : "plan", 0, 0 }, NULL,
		 "iptables-legacy and nft have no such limit",
		 "too many lines with lists in from and to share ports: iptables-nft follows no "
		 "more than %d chains",
		 XT_NFT_DEPTH);
	return -E2BIG;
}
