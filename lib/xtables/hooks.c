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

static unsigned int hook_chain(struct walks *w, const char *hook)
{
	unsigned int c = chain_new(w->set, "SECMARK2-%s", hook);

	w->set->v[c].hook = hook;
	return c;
}

static void done(struct walks *w, unsigned int c, struct chain_rule rule)
{
	chain_add(w->set, c, walks_done(w, rule));
}

/* With the module: what belongs to a labeled connection has its label, whatever it brought, and is
 * done. */
static void restore(struct walks *w, unsigned int c, struct chain_rule which)
{
	struct chain_rule rule = which;

	rule.action = CHAIN_RESTORE;
	rule.flags = CHAIN_F_MODULE | CHAIN_F_OVERWRITE | (w->opts->accept ? CHAIN_F_ACCEPT : 0);
	chain_add(w->set, c, rule);
	if (!w->opts->accept) {
		which.conn_labeled = true;
		done(w, c, which);
	}
}

/* The stock target never overwrites: what came from elsewhere with a label keeps it, and has to be
 * looked up. */
static void restore_stock(struct walks *w, unsigned int c, struct chain_rule rule)
{
	size_t i;

	rule.action = CHAIN_RESTORE;
	chain_add(w->set, c, rule);
	for (i = 0; i < w->opts->n_fast; i++)
		done(w, c, (struct chain_rule){ .in = w->opts->fast[i], .states = CHAIN_KNOWN });
	if (!w->d->plan->loopback)
		done(w, c, (struct chain_rule){ .in = "lo", .states = CHAIN_KNOWN });
}

/*
 * Answers that restore_stock() has left: none on a fast interface. For iptables-legacy to say so is
 * cheaper than to ask for the direction of all that is new there; one interface is all that a rule
 * can name.
 */
static struct chain_rule answers_left(const struct walks *w)
{
	struct chain_rule rule = { .reply = true };

	if (w->opts->n_fast && !w->opts->nft) {
		rule.in = w->opts->fast[0];
		rule.in_not = true;
	}
	return rule;
}

static struct chain_rule not_in_lo(const struct walks *w)
{
	if (!w->d->plan->loopback)
		return (struct chain_rule){ 0 };
	return (struct chain_rule){ .in = "lo", .in_not = true };
}

static struct chain_rule not_out_lo(const struct walks *w)
{
	if (!w->d->plan->loopback)
		return (struct chain_rule){ 0 };
	return (struct chain_rule){ .out = "lo", .out_not = true };
}

/*
 * Over lo a packet comes with the label that it left with, and its connection has the client's: a
 * request is looked up as the server's, an answer gets the connection's.
 */
static void input_module(struct walks *w, unsigned int c)
{
	struct chain_rule known = not_in_lo(w);
	unsigned int answer;

	restore(w, c, not_in_lo(w));
	if (w->d->plan->loopback) {
		answer = chain_new(w->set, "SECMARK2-LO-REPLY");
		restore(w, answer, (struct chain_rule){ 0 });
		if (walks_unlabeled(w) != NOWHERE)
			walks_goto(w, answer, (struct chain_rule){ 0 }, walks_unlabeled(w));
		walks_goto(w, c, (struct chain_rule){ .in = "lo", .reply = true }, answer);
	}
	/* a connection that is older than the rules */
	known.states = CHAIN_KNOWN;
	walks_goto(w, c, known, walks_unlabeled(w));
	walks_rules(w, WALK_SERVER_IN, c);
}

static void input_stock(struct walks *w, unsigned int c)
{
	restore_stock(w, c, (struct chain_rule){ 0 });
	walks_goto(w, c, answers_left(w), walks_root(w, WALK_CLIENT_IN));
	walks_rules(w, WALK_SERVER_IN, c);
}

/* A flow that we start, or one that we go on with after conntrack has forgotten it. */
static int output_new(struct walks *w)
{
	unsigned int c;

	if (!walks_side_has_lines(w, SIDE_SERVER))
		return walks_root(w, WALK_CLIENT_OUT);
	c = chain_new(w->set, "SECMARK2-OUTPUT-NEW");
	walks_goto(w, c, (struct chain_rule){ .proto = IPPROTO_TCP, .not_syn = true },
		   walks_root(w, WALK_SERVER_OUT));
	walks_rules(w, WALK_CLIENT_OUT, c);
	return c;
}

static void output_module(struct walks *w, unsigned int c)
{
	restore(w, c, not_out_lo(w));
	if (w->d->plan->loopback) {
		walks_goto(w, c, (struct chain_rule){ .out = "lo", .reply = true },
			   walks_root(w, WALK_SERVER_OUT));
		restore(w, c, (struct chain_rule){ .out = "lo" });
	}
	walks_goto(w, c, (struct chain_rule){ .states = CHAIN_NEW }, output_new(w));
	if (w->d->plan->loopback)
		walks_goto(w, c, (struct chain_rule){ .out = "lo", .states = CHAIN_KNOWN },
			   walks_unlabeled_saved(w));
	walks_goto(w, c, (struct chain_rule){ .states = CHAIN_KNOWN }, walks_unlabeled(w));
	walks_goto(w, c, (struct chain_rule){ 0 }, walks_root(w, WALK_SERVER_OUT));
}

static void output_stock(struct walks *w, unsigned int c)
{
	struct chain_rule known = not_out_lo(w);

	chain_add(w->set, c, (struct chain_rule){ .action = CHAIN_RESTORE });
	known.states = CHAIN_KNOWN;
	done(w, c, known);
	walks_goto(w, c, (struct chain_rule){ .states = CHAIN_NEW }, output_new(w));
	if (w->d->plan->loopback) {
		walks_goto(w, c, (struct chain_rule){ .out = "lo", .reply = true },
			   walks_root(w, WALK_SERVER_OUT));
		done(w, c, (struct chain_rule){ .out = "lo", .states = CHAIN_KNOWN });
	}
	walks_goto(w, c, (struct chain_rule){ 0 }, walks_root(w, WALK_SERVER_OUT));
}

/* What is for us is left to INPUT; but an answer to a masqueraded flow has our address as well,
 * here. */
static void prerouting(struct walks *w, unsigned int c)
{
	static const struct chain_rule not_lo = { .in = "lo", .in_not = true };
	static const struct net several6 = { .family = AF_INET6, .len = 8, .addr = { 0xff } };

	if (w->opts->module)
		restore(w, c, not_lo);
	else
		restore_stock(w, c, not_lo);
	/* a port of ours may be forwarded: what such a packet brought is not to be believed behind
	 * that */
	if (walks_unlabeled(w) != NOWHERE)
		walks_goto(w, c, (struct chain_rule){ .to_us = true, .states = CHAIN_NEW },
			   walks_unlabeled(w));
	chain_add(w->set, c, (struct chain_rule){ .to_us = true, .action = CHAIN_RETURN });
	if (w->set->family == AF_INET6)
		chain_add(w->set, c,
			  (struct chain_rule){ .dst = &several6, .action = CHAIN_RETURN });
	if (w->opts->module)
		walks_goto(w, c, (struct chain_rule){ .states = CHAIN_KNOWN }, walks_unlabeled(w));
	else
		walks_goto(w, c, answers_left(w), walks_root(w, WALK_FORWARD_BACK));
	walks_rules(w, WALK_FORWARD, c);
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
	struct walks w;

	walks_init(&w, d, family, opts, levels, set);
	/* a side without lines has no labels: not those either that somebody else has given */
	if (plan->n_lines) {
		(opts->module ? input_module : input_stock)(&w, hook_chain(&w, "INPUT"));
		(opts->module ? output_module : output_stock)(&w, hook_chain(&w, "OUTPUT"));
	}
	if (plan_has_side(plan, SIDE_FORWARD))
		prerouting(&w, hook_chain(&w, "PREROUTING"));
	walks_free(&w);
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
