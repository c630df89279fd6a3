// SPDX-License-Identifier: GPL-2.0-only
/*
 * How rules look up a side of the plan: by protocol, then down a tree of ports whose left half
 * continues in the same chain, then a few ports one by one, then the lines that ask for more. All
 * rules use goto, so that every packet returns to the hook. Measured with iptables-legacy: a rule
 * for ports takes 136 instructions, and 180 if it goes to another chain. A tree with more branches
 * takes more, and so does multiport. */
#include "xtables/port_tree.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "packet/net.h"
#include "packet/tunnel.h"
#include "plan/plan.h"
#include "util/alloc.h"
#include "xtables/line_rules.h"

/* So many ports are tried one after the other: another split of the tree would cost as much. */
#define BUCKET 4

#define NOT_YET -2

#define FTP_PORT 21
/* The port from which a server opens a data connection: RFC 959, 5.2 */
#define FTP_DATA_PORT 20

static const struct {
	const char *name; /* in names of chains */
	enum side side;
	struct line_view view;
} trees[TREES] = {
	[TREE_SERVER_IN] = { "SI", SIDE_SERVER, { false, false, true } },
	[TREE_CLIENT_IN] = { "CI", SIDE_CLIENT, { true, false, true } },
	[TREE_SERVER_OUT] = { "SO", SIDE_SERVER, { true, true, true } },
	[TREE_CLIENT_OUT] = { "CO", SIDE_CLIENT, { false, true, true } },
	[TREE_ACTIVE_IN] = { "AI", SIDE_SERVER, { false, false, true } },
	[TREE_FORWARD] = { "F", SIDE_FORWARD, { false, false, true } },
	/* the line's "in" is where this packet leaves, which is not known yet */
	[TREE_FORWARD_BACK] = { "FB", SIDE_FORWARD, { true, false, false } },
};

static int *not_yet(size_t n)
{
	int *v = alloc_zeroed(n + 1, sizeof(*v));

	while (n--)
		v[n] = NOT_YET;
	return v;
}

static const struct dispatch_side *side_of(const struct trees *t, enum side side)
{
	return &t->d->side[side][t->family];
}

void trees_init(struct trees *t, const struct dispatch *d, enum dispatch_family family,
		const struct xt_opts *opts, size_t levels, struct chain_set *set)
{
	int i;

	*t = (struct trees){ .d = d, .family = family, .opts = opts, .levels = levels, .set = set };
	t->leaf = not_yet(d->n_labels);
	t->unlabeled = t->unlabeled_saved = t->outer_in = NOT_YET;
	for (i = 0; i < TREES; i++) {
		t->tree[i].root = t->tree[i].miss_any = NOT_YET;
		t->tree[i].miss[0] = t->tree[i].miss[1] = NOT_YET;
		t->tree[i].proto = not_yet(side_of(t, trees[i].side)->n_protos);
		t->tree[i].decision = not_yet(side_of(t, trees[i].side)->n_decisions);
	}
}

void trees_free(struct trees *t)
{
	int i;

	free(t->leaf);
	for (i = 0; i < TREES; i++) {
		free(t->tree[i].proto);
		free(t->tree[i].decision);
	}
}

bool trees_side_has_lines(const struct trees *t, enum side side)
{
	return side_of(t, side)->n_decisions > DISPATCH_NONE + 1;
}

void trees_goto(struct trees *t, unsigned int chain, struct chain_rule rule, int target)
{
	rule.action = target == NOWHERE ? CHAIN_RETURN : CHAIN_GOTO;
	rule.target = target == NOWHERE ? 0 : target;
	chain_add(t->set, chain, rule);
}

void trees_end(struct trees *t, unsigned int chain, int target)
{
	if (target != NOWHERE)
		trees_goto(t, chain, (struct chain_rule){ 0 }, target);
}

struct chain_rule trees_done(const struct trees *t, struct chain_rule rule)
{
	rule.action = t->opts->accept ? CHAIN_ACCEPT : CHAIN_RETURN;
	return rule;
}

/* The rules that label a packet, and its connection, too. */
static void tree_add_label(struct trees *t, unsigned int chain, const char *context, bool save)
{
	struct chain_rule rule = { .action = CHAIN_LABEL, .context = context };

	if (t->opts->module) {
		rule.flags = CHAIN_F_MODULE | (save ? CHAIN_F_SAVE : 0) |
			     (t->opts->accept ? CHAIN_F_ACCEPT : 0);
		chain_add(t->set, chain, rule);
		return;
	}
	chain_add(t->set, chain, rule);
	/* only new connections: where every packet is looked up, packets of connections that are
	 * older than the rules get here, too */
	if (save)
		chain_add(t->set, chain,
			  (struct chain_rule){ .action = CHAIN_SAVE, .states = CHAIN_NEW });
	if (t->opts->accept)
		chain_add(t->set, chain, trees_done(t, (struct chain_rule){ 0 }));
}

static int tree_leaf(struct trees *t, const struct plan_line *line)
{
	unsigned int i = dispatch_label(t->d, line);

	if (t->leaf[i] == NOT_YET) {
		t->leaf[i] = chain_new(t->set, "SECMARK2-L%u", i);
		tree_add_label(t, t->leaf[i], t->d->labels[i], true);
	}
	return t->leaf[i];
}

int trees_unlabeled(struct trees *t)
{
	if (t->unlabeled != NOT_YET)
		return t->unlabeled;
	t->unlabeled = NOWHERE;
	if (t->opts->unlabeled) {
		t->unlabeled = chain_new(t->set, "SECMARK2-UNLABELED");
		tree_add_label(t, t->unlabeled, t->opts->unlabeled, false);
	}
	return t->unlabeled;
}

int trees_unlabeled_saved(struct trees *t)
{
	if (t->unlabeled_saved != NOT_YET)
		return t->unlabeled_saved;
	t->unlabeled_saved = NOWHERE;
	if (t->opts->unlabeled) {
		t->unlabeled_saved = chain_new(t->set, "SECMARK2-UNLABELED-SAVED");
		tree_add_label(t, t->unlabeled_saved, t->opts->unlabeled, true);
	}
	return t->unlabeled_saved;
}

/*
 * The outer packet of a tunnel gets no label here. The packet inside has its own already, or will
 * come from the same interface, where the stock targets could not replace a label. */
static int outer_in(struct trees *t)
{
	int unlabeled = trees_unlabeled(t);
	size_t i;

	if (t->outer_in != NOT_YET)
		return t->outer_in;
	t->outer_in = unlabeled;
	if (unlabeled == NOWHERE || !t->opts->n_fast)
		return unlabeled;
	t->outer_in = chain_new(t->set, "SECMARK2-OUTER");
	for (i = 0; i < t->opts->n_fast; i++)
		trees_goto(t, t->outer_in, (struct chain_rule){ .in = t->opts->fast[i] }, NOWHERE);
	trees_end(t, t->outer_in, unlabeled);
	return t->outer_in;
}

static int default_leaf(struct trees *t, enum side side)
{
	const struct plan_line *line = side_of(t, side)->dflt;

	return line ? tree_leaf(t, line) : trees_unlabeled(t);
}

static int default_in(struct trees *t, enum side side, bool outer)
{
	return outer ? outer_in(t) : default_leaf(t, side);
}

/* No server line fits. If the packet has no connection, or TCP starts in the middle, this host may
 * still be the client. */
static int miss_server_in(struct trees *t, bool outer)
{
	unsigned int c;
	int client;

	if (!trees_side_has_lines(t, SIDE_CLIENT))
		return default_in(t, SIDE_SERVER, outer);
	client = trees_root(t, TREE_CLIENT_IN);
	c = chain_new(t->set, outer ? "SECMARK2-SI-OUTER" : "SECMARK2-SI-NONE");
	if (!outer)
		trees_goto(t, c,
			   (struct chain_rule){
				   .proto = IPPROTO_TCP, .not_syn = true, .states = CHAIN_NEW },
			   client);
	/* most packets that get here are such, so this is asked first */
	trees_goto(t, c, (struct chain_rule){ .states = CHAIN_NEW | CHAIN_KNOWN },
		   default_in(t, SIDE_SERVER, outer));
	trees_end(t, c, client);
	return c;
}

static int miss_client_in(struct trees *t, bool outer)
{
	int client = default_in(t, SIDE_CLIENT, outer), server = default_in(t, SIDE_SERVER, outer);
	unsigned int c;

	if (client == server)
		return client;
	c = chain_new(t->set, "SECMARK2-CI-NONE");
	trees_goto(t, c, (struct chain_rule){ .reply = true }, client);
	trees_end(t, c, server);
	return c;
}

static int miss_server_out(struct trees *t, bool outer)
{
	unsigned int c;

	if (!t->d->plan->loopback)
		return trees_root(t, TREE_CLIENT_OUT);
	c = chain_new(t->set, outer ? "SECMARK2-SO-OUTER" : "SECMARK2-SO-NONE");
	trees_goto(t, c, (struct chain_rule){ .reply = true },
		   outer ? trees_unlabeled(t) : default_leaf(t, SIDE_SERVER));
	trees_end(t, c, trees_root(t, TREE_CLIENT_OUT));
	return c;
}

/* A packet that has a label here has passed OUTPUT before, as the packet inside a tunnel. The stock
 * targets cannot tell. */
static int default_client_out(struct trees *t)
{
	int leaf = default_leaf(t, SIDE_CLIENT);
	unsigned int c;

	if (!t->opts->module)
		return leaf;
	c = chain_new(t->set, "SECMARK2-CO-NONE");
	trees_goto(t, c, (struct chain_rule){ .labeled = true }, NOWHERE);
	trees_end(t, c, leaf);
	return c;
}

/*
 * Without a default nothing is left to do: the packet has no label, or that of the packet inside a
 * tunnel. But over lo the packet and its connection get the label for "unlabeled". Otherwise the
 * connection would get the server's label in INPUT. */
static int miss_client_out(struct trees *t, bool outer)
{
	unsigned int c;

	if (side_of(t, SIDE_CLIENT)->dflt && !outer)
		return default_client_out(t);
	if (!t->d->plan->loopback || trees_unlabeled_saved(t) == NOWHERE)
		return NOWHERE;
	c = chain_new(t->set, outer ? "SECMARK2-CO-OUTER" : "SECMARK2-CO-NONE");
	trees_goto(t, c, (struct chain_rule){ .out = "lo" }, trees_unlabeled_saved(t));
	return c;
}

static int miss_active_in(struct trees *t, bool outer)
{
	(void)outer; /* TCP only */
	return default_leaf(t, SIDE_SERVER);
}

static int miss_forward(struct trees *t, bool outer)
{
	(void)outer; /* not of a tunnel of this host */
	return default_leaf(t, SIDE_FORWARD);
}

/* Where a packet goes that no line fits; @outer: the outer packet of a tunnel. */
static int tree_miss(struct trees *t, enum tree tree, bool outer)
{
	static int (*const make[TREES])(struct trees * t, bool outer) = {
		[TREE_SERVER_IN] = miss_server_in,   [TREE_CLIENT_IN] = miss_client_in,
		[TREE_SERVER_OUT] = miss_server_out, [TREE_CLIENT_OUT] = miss_client_out,
		[TREE_ACTIVE_IN] = miss_active_in,   [TREE_FORWARD] = miss_forward,
		[TREE_FORWARD_BACK] = miss_forward,
	};
	int *miss = &t->tree[tree].miss[outer];

	if (*miss == NOT_YET)
		*miss = make[tree](t, outer);
	return *miss;
}

/* Do defaults make a difference to tunnels? */
static bool asks_for_tunnels(const struct trees *t, enum tree tree)
{
	if (trees[tree].side == SIDE_FORWARD || tree == TREE_ACTIVE_IN)
		return false;
	if (trees[tree].view.leaves)
		return side_of(t, trees[tree].side)->dflt;
	return t->opts->n_fast || side_of(t, SIDE_SERVER)->dflt || side_of(t, SIDE_CLIENT)->dflt;
}

/* As tree_miss(), where the packet may be the outer packet of a tunnel. */
static int tree_miss_any(struct trees *t, enum tree tree)
{
	static const uint8_t no_tunnels[] = { IPPROTO_TCP, IPPROTO_UDP };
	int miss = tree_miss(t, tree, false), outer;
	const uint8_t *p;
	unsigned int c;
	size_t i;

	outer = asks_for_tunnels(t, tree) ? tree_miss(t, tree, true) : miss;
	if (outer == miss)
		return miss;
	if (t->tree[tree].miss_any != NOT_YET)
		return t->tree[tree].miss_any;
	c = chain_new(t->set, "SECMARK2-%s-ANY", trees[tree].name);
	for (i = 0; i < sizeof(no_tunnels); i++)
		trees_goto(t, c, (struct chain_rule){ .proto = no_tunnels[i] }, miss);
	for (p = tunnel_protos; *p; p++)
		/* in IPv6, x_tables looks behind this header; nf_tables does not */
		if (*p != IPPROTO_AH || t->set->family == AF_INET || t->opts->nft)
			trees_goto(t, c, (struct chain_rule){ .proto = *p }, outer);
	trees_end(t, c, miss);
	return t->tree[tree].miss_any = c;
}

static bool fits_tunnels(const struct dispatch_decision *x)
{
	size_t i;

	for (i = 0; i < x->n; i++)
		if (!x->lines[i]->proto || tunnel_has_proto(x->lines[i]->proto))
			return true;
	return false;
}

static bool asks_iface_only(const struct trees *t, const struct plan_line *line)
{
	struct plan_line rest = *line;

	rest.in.name[0] = rest.out.name[0] = '\0';
	return dispatch_fit(&rest, t->family) == DISPATCH_ALWAYS;
}

static void tree_measure(struct trees *t, const struct plan_line *line, size_t row)
{
	if (row > t->longest_row) {
		t->longest_row = row;
		t->last_in_row = line;
	}
	if (t->set->n_rules > (t->opts->nft ? XT_NFT_RULES_MAX : XT_RULES_MAX))
		t->over = line;
}

static int decision_chain(struct trees *t, enum tree tree, unsigned int i,
			  const struct dispatch_decision *x)
{
	unsigned int c = chain_new(t->set, "SECMARK2-%s-D%u", trees[tree].name, i), last = c, next;
	size_t j, row = 0;

	for (j = 0; j < x->n && !t->over; j++) {
		if ((x->final && j == x->n - 1) ||
		    (!trees[tree].view.knows_iface && asks_iface_only(t, x->lines[j]))) {
			trees_end(t, last, tree_leaf(t, x->lines[j]));
			return c;
		}
		next = line_rules(t, &trees[tree].view, last, x->lines[j],
				  tree_leaf(t, x->lines[j]));
		row += next != last;
		last = next;
		tree_measure(t, x->lines[j], row);
	}
	trees_end(t, last, fits_tunnels(x) ? tree_miss_any(t, tree) : tree_miss(t, tree, false));
	return c;
}

/* Where a packet goes whose protocol and port are known. */
static int tree_decided(struct trees *t, enum tree tree, unsigned int i)
{
	const struct dispatch_decision *x = &side_of(t, trees[tree].side)->decisions[i];
	int *chain = &t->tree[tree].decision[i];

	if (i == DISPATCH_NONE)
		return tree_miss(t, tree, false);
	if (x->final && x->n == 1)
		return tree_leaf(t, x->lines[0]);
	if (*chain == NOT_YET)
		*chain = decision_chain(t, tree, i, x);
	return *chain;
}

/* A protocol's ports: the ones to try, and the decision on the others. */
struct outline {
	uint8_t proto;
	struct dispatch_segment *v;
	size_t n;
	unsigned int rest;
};

static void outline_add(struct outline *o, unsigned int lo, unsigned int hi, unsigned int decision)
{
	if (lo <= hi)
		o->v[o->n++] = (struct dispatch_segment){ lo, hi, decision };
}

/* Drops the segments with the most frequent decision: it is what remains when no other port fits.
 */
static void outline_drop_rest(struct outline *o, size_t n_decisions)
{
	size_t *count = alloc_zeroed(n_decisions, sizeof(*count)), i, kept = 0;

	o->rest = DISPATCH_NONE;
	for (i = 0; i < o->n; i++)
		count[o->v[i].decision]++;
	for (i = 0; i < n_decisions; i++)
		if (count[i] > count[o->rest])
			o->rest = i;
	for (i = 0; i < o->n; i++)
		if (o->v[i].decision != o->rest)
			o->v[kept++] = o->v[i];
	o->n = kept;
	free(count);
}

static struct outline tree_outline(const struct dispatch_side *side, const struct dispatch_proto *p)
{
	struct outline o = { .proto = p->proto };
	unsigned int next = 0;
	size_t i;

	o.v = alloc_zeroed(2 * p->n + 1, sizeof(*o.v));
	for (i = 0; i < p->n; i++) {
		if (p->v[i].lo)
			outline_add(&o, next, p->v[i].lo - 1u, DISPATCH_NONE);
		outline_add(&o, p->v[i].lo, p->v[i].hi, p->v[i].decision);
		next = p->v[i].hi + 1u;
	}
	outline_add(&o, next, PORT_MAX, DISPATCH_NONE);
	outline_drop_rest(&o, side->n_decisions);
	return o;
}

static struct chain_rule port_rule(enum tree tree, uint8_t proto, unsigned int lo, unsigned int hi)
{
	return (struct chain_rule){
		.proto = proto,
		.has_port = true,
		.by_source = trees[tree].view.turned,
		.port = { lo, hi },
	};
}

/* How many ends a tree has if a packet meets so many rules on its way, and at most so many of them
 * lead to other chains. */
static size_t tree_ends(size_t rules, size_t levels)
{
	size_t sum = 0, of_these = 1, i;

	for (i = 0; i <= levels && i <= rules; i++) {
		sum += of_these;
		of_these = of_these * (rules - i) / (i + 1);
	}
	return sum;
}

/* How many ports stay in the chain at a split: half of them, unless there are too few levels for
 * that. */
static size_t left_part(size_t n, size_t levels)
{
	size_t buckets = (n + BUCKET - 1) / BUCKET, rules = 1, left;

	while (tree_ends(rules, levels) < buckets)
		rules++;
	left = n * tree_ends(rules - 1, levels) / tree_ends(rules, levels);
	return left ? left : 1;
}

/* Splits the ports in two, again and again. One part gets its own chain, the other part stays in
 * this chain. */
static void split_ports(struct trees *t, enum tree tree, unsigned int chain,
			const struct outline *o, size_t from, size_t n, size_t levels)
{
	size_t i, left;
	unsigned int right;

	for (; n > BUCKET && levels; n = left) {
		left = left_part(n, levels);
		right = chain_new(t->set, "SECMARK2-%s-%s-%u", trees[tree].name,
				  proto_name(o->proto), o->v[from + left].lo);
		trees_goto(t, chain, port_rule(tree, o->proto, o->v[from + left].lo, PORT_MAX),
			   right);
		split_ports(t, tree, right, o, from + left, n - left, levels - 1);
	}
	for (i = from; i < from + n; i++)
		trees_goto(t, chain, port_rule(tree, o->proto, o->v[i].lo, o->v[i].hi),
			   tree_decided(t, tree, o->v[i].decision));
	trees_end(t, chain, tree_decided(t, tree, o->rest));
}

static int ftp_control(struct trees *t, enum tree tree)
{
	return tree_decided(t, tree,
			    dispatch_find(side_of(t, trees[tree].side), IPPROTO_TCP, FTP_PORT));
}

/*
 * FTP's data connection goes to any port, and gets the label of its control connection, as it does
 * where the kernel passes the label on. In active mode the server opens it, in the opposite
 * direction; its port tells that. Only trees that look up packets of known connections ask for
 * this: with the module these are the ones for lo. */
static void ftp_data(struct trees *t, enum tree tree, unsigned int chain)
{
	static const enum tree against[TREES] = {
		[TREE_SERVER_IN] = TREE_CLIENT_IN,   [TREE_CLIENT_IN] = TREE_ACTIVE_IN,
		[TREE_SERVER_OUT] = TREE_CLIENT_OUT, [TREE_FORWARD] = TREE_FORWARD_BACK,
		[TREE_FORWARD_BACK] = TREE_FORWARD,
	};
	struct chain_rule data = { .proto = IPPROTO_TCP, .expected_by = "ftp" }, port = {
		.proto = IPPROTO_TCP,
		.has_port = true,
		.by_source = !trees[tree].view.turned,
		.port = { FTP_DATA_PORT, FTP_DATA_PORT },
	};
	bool stock_only = tree != TREE_SERVER_IN && tree != TREE_SERVER_OUT;
	unsigned int ftp;

	if (t->opts->no_helper || tree == TREE_CLIENT_OUT || (t->opts->module && stock_only))
		return;
	ftp = chain_new(t->set, "SECMARK2-%s-ftp", trees[tree].name);
	trees_goto(t, chain, data, ftp);
	trees_goto(t, ftp, port, ftp_control(t, against[tree]));
	trees_end(t, ftp, ftp_control(t, tree));
}

static int proto_chain(struct trees *t, enum tree tree, const struct dispatch_proto *p)
{
	struct outline o = tree_outline(side_of(t, trees[tree].side), p);
	int target;

	if (o.n) {
		target = chain_new(t->set, "SECMARK2-%s-%s", trees[tree].name, proto_name(o.proto));
		if (o.proto == IPPROTO_TCP)
			ftp_data(t, tree, target);
		split_ports(t, tree, target, &o, 0, o.n, t->levels);
	} else if (!o.proto && o.rest == DISPATCH_NONE) {
		target = tree_miss_any(t, tree);
	} else {
		target = tree_decided(t, tree, o.rest);
	}
	free(o.v);
	return target;
}

/* Where a packet of the side's i-th protocol goes. */
static int by_proto(struct trees *t, enum tree tree, size_t i)
{
	int *chain = &t->tree[tree].proto[i];

	if (*chain == NOT_YET)
		*chain = proto_chain(t, tree, &side_of(t, trees[tree].side)->protos[i]);
	return *chain;
}

void trees_rules(struct trees *t, enum tree tree, unsigned int chain)
{
	const struct dispatch_side *side = side_of(t, trees[tree].side);
	int others = by_proto(t, tree, side->n_protos - 1), target;
	size_t i;

	for (i = 0; i + 1 < side->n_protos; i++) {
		target = by_proto(t, tree, i);
		if (target != others)
			trees_goto(t, chain, (struct chain_rule){ .proto = side->protos[i].proto },
				   target);
	}
	trees_end(t, chain, others);
}

int trees_root(struct trees *t, enum tree tree)
{
	if (t->tree[tree].root == NOT_YET) {
		t->tree[tree].root = chain_new(t->set, "SECMARK2-%s", trees[tree].name);
		trees_rules(t, tree, t->tree[tree].root);
	}
	return t->tree[tree].root;
}
