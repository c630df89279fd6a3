// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/hooks.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "packet/net.h"
#include "packet/tunnel.h"
#include "plan/plan.h"
#include "util/diag.h"
#include "xtables/chain.h"
#include "xtables/port_tree.h"

/* The levels of a tree of ports: enough to halve all ports that there are until four are left. */
#define LEVELS_MAX 16

const char *xt_hooks_table(const struct plan *plan)
{
	return plan_is_in_mangle(plan) ? "mangle" : "security";
}

/* What a row says of itself. */
enum row_when {
	/* conditions: the row makes rules where all that it names are true */
	MODULE = 1,     /* rules with the targets of xt_secmark2 */
	STOCK = 2,      /* rules with the targets that every kernel has */
	LO = 4,         /* the plan labels packets over lo */
	NO_LO = 8,      /* "loopback no": lo is trusted as a fast interface is */
	UNLABELED = 16, /* there is a context that takes a label away (struct xt_opts) */
	IPV6 = 32,      /* chains for IPv6 */
	CONDITIONS = 63,
	/* how its rules are made */
	EACH_FAST = 64, /* one for each fast interface */
	NOT_FAST = 128, /* for iptables-legacy: not for the first fast interface */
	OFF_LO = 256,   /* where LO is not true, its packets may be on lo, too */
	HERE = 512,     /* the tree starts in this chain, without a goto */
	VRF_IN = 1024,  /* one for each VRF, which is the interface that packets come in by */
	VRF_OUT = 2048, /* ... that they go out by */
};

/* Where a row sends its packets: to one of enum tree, or... */
enum row_to {
	/* the connection's label. With the module that overwrites a label that the packet brought,
	 * and ends here if the connection has one. The stock target does not overwrite, and the
	 * packet continues. */
	TO_CONNECTION = TREES,
	TO_DONE,            /* out of our rules, with the label that it has now */
	TO_HOOK,            /* back to the hook's other rules, without a label of ours */
	TO_UNLABELED,       /* no label, or that of the policy for packets without one */
	TO_UNLABELED_SAVED, /* the same, and its connection gets that too */
	TO_NEW,             /* output_new[] */
	TO_LO_ANSWER,       /* lo_answer[] */
	TO_REPLY_IN,        /* trees_reply_in() */
	TO_REPLY_FORWARD,   /* trees_reply_forward() */
};

/* The first row that fits a packet decides; TO_CONNECTION may let it continue. */
struct row {
	unsigned int when; /* enum row_when */
	struct chain_rule match;
	unsigned int to; /* enum tree or enum row_to */
};

#define NOT_LO .in = "lo", .in_not = true
#define NOT_OUT_LO .out = "lo", .out_not = true
#define FROM_LO .in = "lo"
#define OVER_LO .out = "lo"
#define ALL 0

/*
 * Which packet gets its label from what. A packet over lo passes OUTPUT and then INPUT, and brings
 * to INPUT the label that it left with; its connection has the client's label. So a request is
 * looked up in INPUT as the server's, and an answer gets the connection's label.
 *
 * "known" is ESTABLISHED or RELATED; "new" is NEW. A packet without a connection (INVALID,
 * UNTRACKED) is none of these and no answer: only the last row fits it. A known packet of a
 * connection without a label belongs to a connection that is older than the rules.
 *
 * A VRF is as lo for a connection within it. Its other packets come in by it, too: looked up as the
 * server's they get the label that their connection has. Packets to elsewhere go out by the VRF
 * first, without a connection, and are no answers then (drivers/net/vrf.c).
 */
static const struct row input[] = {
	{ MODULE | LO | VRF_IN, { .reply = true }, TO_LO_ANSWER },
	{ MODULE | LO | VRF_IN, { ALL }, TREE_SERVER_IN },
	/* with the module: packets of labeled connections; lo below */
	{ MODULE | OFF_LO, { NOT_LO }, TO_CONNECTION },
	{ MODULE | LO, { FROM_LO, .reply = true }, TO_LO_ANSWER },
	/* a connection that is older than the rules */
	{ MODULE | OFF_LO, { NOT_LO, .states = CHAIN_KNOWN }, TO_UNLABELED },
	/* stock: a known packet brought no label where interfaces are fast, so it has its
	 * connection's. On others it may have come with a label, and is looked up each time. */
	{ STOCK, { ALL }, TO_CONNECTION },
	{ STOCK | EACH_FAST, { .states = CHAIN_KNOWN }, TO_DONE },
	{ STOCK | NO_LO, { FROM_LO, .states = CHAIN_KNOWN }, TO_DONE },
	{ STOCK | NOT_FAST, { .reply = true }, TO_REPLY_IN },
	/* new; without a connection; known packets in the direction of their connection: over lo,
	 * and with stock targets where interfaces are not fast */
	{ HERE, { ALL }, TREE_SERVER_IN },
};

/* Over lo: the answer to a client here. */
static const struct row lo_answer[] = {
	{ MODULE, { ALL }, TO_CONNECTION },
	{ UNLABELED, { ALL }, TO_UNLABELED },
};

static const struct row output[] = {
	{ MODULE | LO | VRF_OUT, { .reply = true }, TREE_SERVER_OUT },
	{ MODULE | OFF_LO, { NOT_OUT_LO }, TO_CONNECTION },
	{ MODULE | LO, { OVER_LO, .reply = true }, TREE_SERVER_OUT },
	{ MODULE | LO, { OVER_LO }, TO_CONNECTION },
	{ STOCK, { ALL }, TO_CONNECTION },
	{ STOCK | LO | VRF_OUT, { .reply = true }, TREE_SERVER_OUT },
	{ STOCK | OFF_LO, { NOT_OUT_LO, .states = CHAIN_KNOWN }, TO_DONE },
	{ ALL, { .states = CHAIN_NEW }, TO_NEW },
	{ STOCK | LO, { OVER_LO, .reply = true }, TREE_SERVER_OUT },
	{ STOCK | LO, { OVER_LO, .states = CHAIN_KNOWN }, TO_DONE },
	/* connections that are older than the rules; over lo INPUT would give this one the
	 * server's label */
	{ MODULE | LO, { OVER_LO, .states = CHAIN_KNOWN }, TO_UNLABELED_SAVED },
	/* it has no label, or that of the packet inside a tunnel */
	{ MODULE, { .states = CHAIN_KNOWN }, TO_DONE },
	/* without a connection */
	{ ALL, { ALL }, TREE_SERVER_OUT },
};

/* A connection that starts here. If TCP does not start it with a SYN, conntrack has forgotten an
 * older one, in which this host may be the server. */
static const struct row output_new[] = {
	{ ALL, { .proto = IPPROTO_TCP, .not_syn = true }, TREE_SERVER_OUT },
	{ HERE, { ALL }, TREE_CLIENT_OUT },
};

static const struct net multicast6 = { .family = AF_INET6, .len = 8, .addr = { 0xff } };

/* INPUT labels packets for this host. But an answer to a masqueraded connection has this host's
 * address here, too. */
static const struct row prerouting[] = {
	/* what comes from elsewhere has passed here before, by an interface of the VRF */
	{ VRF_IN, { ALL }, TO_HOOK },
	{ ALL, { NOT_LO }, TO_CONNECTION },
	{ STOCK | EACH_FAST, { .states = CHAIN_KNOWN }, TO_DONE },
	{ STOCK | NO_LO, { FROM_LO, .states = CHAIN_KNOWN }, TO_DONE },
	/* DNAT may still forward this packet, and then INPUT does not see it: the label that it
	 * brought is not kept */
	{ UNLABELED, { .to_us = true, .states = CHAIN_NEW }, TO_UNLABELED },
	{ ALL, { .to_us = true }, TO_HOOK },
	{ IPV6, { .dst = &multicast6 }, TO_HOOK },
	{ MODULE, { .states = CHAIN_KNOWN }, TO_UNLABELED },
	{ STOCK | NOT_FAST, { .reply = true }, TO_REPLY_FORWARD },
	/* new; without a connection; with stock targets known packets in the direction of their
	 * connection, where interfaces are not fast */
	{ HERE, { ALL }, TREE_FORWARD },
};

#define ROWS(table) table, sizeof(table) / sizeof((table)[0])

/* A packet of a labeled connection gets that label, whatever it brought. */
static void hooks_restore(struct trees *t, unsigned int c, struct chain_rule which)
{
	struct chain_rule rule = which;

	rule.action = CHAIN_RESTORE;
	if (t->opts->module)
		rule.flags = CHAIN_F_MODULE | CHAIN_F_OVERWRITE |
			     (t->opts->accept ? CHAIN_F_ACCEPT : 0);
	chain_add(t->set, c, rule);
	if (t->opts->module && !t->opts->accept) {
		which.conn_labeled = true;
		chain_add(t->set, c, trees_done(t, which));
	}
}

static void add_rows(struct trees *t, unsigned int c, const struct row *rows, size_t n);

static int output_new_chain(struct trees *t)
{
	unsigned int c = chain_new(t->set, "SECMARK2-OUTPUT-NEW");

	add_rows(t, c, ROWS(output_new));
	return c;
}

#define LO_ANSWER "SECMARK2-LO-REPLY"

static int lo_answer_chain(struct trees *t)
{
	unsigned int c;

	for (c = 0; c < t->set->n; c++)
		if (!strcmp(t->set->v[c].name, LO_ANSWER))
			return c;
	c = chain_new(t->set, LO_ANSWER);
	add_rows(t, c, ROWS(lo_answer));
	return c;
}

/* The chain that a row goes to. */
static int row_target(struct trees *t, unsigned int to)
{
	switch (to) {
	case TO_HOOK:
		return NOWHERE;
	case TO_UNLABELED:
		return trees_unlabeled(t);
	case TO_UNLABELED_SAVED:
		return trees_unlabeled_saved(t);
	case TO_NEW:
		return output_new_chain(t);
	case TO_LO_ANSWER:
		return lo_answer_chain(t);
	case TO_REPLY_IN:
		return trees_reply_in(t);
	case TO_REPLY_FORWARD:
		return trees_reply_forward(t);
	default:
		return trees_root(t, to);
	}
}

static unsigned int conditions_met(const struct trees *t)
{
	return (t->opts->module ? MODULE : STOCK) | (t->d->plan->loopback ? LO : NO_LO) |
	       (t->opts->unlabeled ? UNLABELED : 0) | (t->set->family == AF_INET6 ? IPV6 : 0);
}

/*
 * Packets that TO_DONE has left are on no fast interface. To say so costs iptables-legacy less than
 * to ask for the direction of all new packets there; a rule can name one interface.
 */
static struct chain_rule row_match(const struct trees *t, const struct row *row)
{
	struct chain_rule rule = row->match;

	if (row->when & NOT_FAST && t->opts->n_fast && !t->opts->nft) {
		rule.in = t->opts->fast[0];
		rule.in_not = true;
	}
	if (row->when & OFF_LO && !t->d->plan->loopback) {
		rule.in = rule.out = NULL;
		rule.in_not = rule.out_not = false;
	}
	return rule;
}

static void add_done(struct trees *t, unsigned int c, const struct row *row, struct chain_rule rule)
{
	size_t i;

	if (!(row->when & EACH_FAST))
		chain_add(t->set, c, trees_done(t, rule));
	for (i = 0; row->when & EACH_FAST && i < t->opts->n_fast; i++) {
		rule.in = t->opts->fast[i];
		chain_add(t->set, c, trees_done(t, rule));
	}
}

static void add_rule_of(struct trees *t, unsigned int c, const struct row *row,
			struct chain_rule rule)
{
	if (row->to == TO_CONNECTION)
		hooks_restore(t, c, rule);
	else if (row->to == TO_DONE)
		add_done(t, c, row, rule);
	else if (row->when & HERE)
		trees_rules(t, row->to, c);
	else
		trees_goto(t, c, rule, row_target(t, row->to));
}

static void add_row(struct trees *t, unsigned int c, const struct row *row)
{
	struct chain_rule rule = row_match(t, row);
	size_t i;

	if (!(row->when & (VRF_IN | VRF_OUT)))
		add_rule_of(t, c, row, rule);
	for (i = 0; row->when & (VRF_IN | VRF_OUT) && i < t->opts->n_vrfs; i++) {
		*(row->when & VRF_IN ? &rule.in : &rule.out) = t->opts->vrfs[i];
		add_rule_of(t, c, row, rule);
	}
}

static void add_rows(struct trees *t, unsigned int c, const struct row *rows, size_t n)
{
	const unsigned int met = conditions_met(t);
	const struct row *row;

	for (row = rows; row < rows + n; row++)
		if (!(row->when & CONDITIONS & ~met))
			add_row(t, c, row);
}

static void add_hook(struct trees *t, const char *hook, const struct row *rows, size_t n)
{
	unsigned int c = chain_new(t->set, "SECMARK2-%s", hook);

	t->set->v[c].hook = hook;
	add_rows(t, c, rows, n);
}

static int refuse_out(const struct plan *plan, struct diag *diag)
{
	const struct plan_line *line;
	int ret = 0;

	for (line = plan->lines; line < plan->lines + plan->n_lines; line++) {
		if (line->side != SIDE_FORWARD || !line->out.name[0] || line->part)
			continue;
		diag_add(diag, DIAG_ERROR, line->pos, line->text, "use the nft backend",
			 "iptables labels forwarded packets before it knows where they leave");
		ret = -EOPNOTSUPP;
	}
	return ret;
}

/* The lines to name if the rules cannot be loaded; see struct trees. */
struct culprits {
	const struct plan_line *over, *last_in_row;
};

static void hooks_build(const struct dispatch *d, enum dispatch_family family,
			const struct xt_opts *opts, size_t levels, struct chain_set *set,
			struct culprits *culprits)
{
	const struct plan *plan = d->plan;
	struct trees t;

	trees_init(&t, d, family, opts, levels, set);
	/* a side without lines has no labels, and does not restore labels that others gave */
	if (plan->n_lines) {
		add_hook(&t, "INPUT", ROWS(input));
		add_hook(&t, "OUTPUT", ROWS(output));
	}
	if (plan_has_side(plan, SIDE_FORWARD) && !opts->no_addrtype)
		add_hook(&t, "PREROUTING", ROWS(prerouting));
	*culprits = (struct culprits){ t.over, t.last_in_row };
	trees_free(&t);
}

/* Builds, and returns whether the chains are not too deep. The built-in chain counts. */
static bool build_fits(const struct dispatch *d, enum dispatch_family family,
		       const struct xt_opts *opts, size_t levels, struct chain_set *set,
		       struct culprits *culprits)
{
	chain_free(set);
	hooks_build(d, family, opts, levels, set, culprits);
	return !culprits->over && (!opts->nft || chain_depth(set) < XT_NFT_DEPTH);
}

/* Finds the most levels that fit. It searches by halves, because a large plan takes some time to
 * build. */
static bool build_deep(const struct dispatch *d, enum dispatch_family family,
		       const struct xt_opts *opts, struct chain_set *set, struct culprits *culprits)
{
	size_t fit = 0, most = LEVELS_MAX, levels = LEVELS_MAX;
	bool fits;

	do {
		fits = build_fits(d, family, opts, levels, set, culprits);
		/* with fewer levels there are no fewer rules */
		if (culprits->over)
			return false;
		if (fits)
			fit = levels;
		else
			most = levels - 1;
		levels = (fit + most + 1) / 2;
	} while (fit < most);
	return fits || (fit && build_fits(d, family, opts, fit, set, culprits));
}

static void refuse_size(const struct plan *plan, const struct culprits *culprits, bool nft,
			struct diag *diag)
{
	const struct plan_line *line = culprits->over ? culprits->over : culprits->last_in_row;
	struct pos pos = { plan->n_lines ? plan->lines[0].pos.file : "plan", 0, 0 };

	if (culprits->over)
		diag_add(diag, DIAG_ERROR, line->pos, line->text,
			 nft ? "iptables-legacy and nft take more" : "nft takes more",
			 "with this line there are more than %d rules for a family",
			 nft ? XT_NFT_RULES_MAX : XT_RULES_MAX);
	else
		diag_add(diag, DIAG_ERROR, line ? line->pos : pos, line ? line->text : NULL,
			 "iptables-legacy and nft have no such limit",
			 "too many lines with lists in from and to share ports: iptables-nft "
			 "follows no more than %d chains",
			 XT_NFT_DEPTH);
}

/*
 * A packet out of IPsec brings the label of its outer packet, on the same interface. If lines name
 * IPsec, the stock targets cannot take any packet for one that brings no label. Lines of all
 * protocols, and of UDP port 4500, are left out: plans for all ports of a policy have them, and
 * packets would take three times as long. */
static bool labels_ipsec(const struct plan *plan)
{
	const struct plan_line *line;

	for (line = plan->lines; line < plan->lines + plan->n_lines; line++)
		if (line->side != SIDE_FORWARD && tunnel_is_ipsec(line->proto))
			return true;
	return false;
}

int xt_hooks_build(const struct dispatch *d, enum dispatch_family family,
		   const struct xt_opts *opts, struct chain_set *set, struct diag *diag)
{
	struct xt_opts own = *opts;
	struct culprits culprits;

	if (!opts->module && labels_ipsec(d->plan))
		own.n_fast = 0;
	*set = (struct chain_set){ .family = dispatch_af(family),
				   .table = xt_hooks_table(d->plan) };
	if (refuse_out(d->plan, diag))
		return -EOPNOTSUPP;
	if (build_deep(d, family, &own, set, &culprits))
		return 0;
	chain_free(set);
	refuse_size(d->plan, &culprits, opts->nft, diag);
	return -E2BIG;
}
