// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a side of the plan is looked up by rules: by protocol, then down a tree of ports that falls
 * through to its left half, then a few ports one by one, then the lines that ask for more. All by
 * goto, so that whatever is found returns to the hook. Measured with iptables-legacy: a rule for
 * ports takes 136 instructions, and 180 where it goes to another chain. A tree with more branches
 * takes more, and so does multiport.
 */
#include "xtables/port_tree.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "packet/net.h"
#include "plan/plan.h"
#include "util/alloc.h"
#include "xtables/line_rules.h"

/* Ports that are tried one after the other: the next split of the tree would cost as much. */
#define BUCKET 4

#define NOT_YET -2

#define FTP_PORT 21
/* What a server opens a data connection from: RFC 959, 5.2 */
#define FTP_DATA_PORT 20

static const struct {
	const char *name; /* in names of chains */
	enum side side;
	struct line_view view;
} walks[WALKS] = {
	[WALK_SERVER_IN] = { "SI", SIDE_SERVER, { false, false, true } },
	[WALK_CLIENT_IN] = { "CI", SIDE_CLIENT, { true, false, true } },
	[WALK_SERVER_OUT] = { "SO", SIDE_SERVER, { true, true, true } },
	[WALK_CLIENT_OUT] = { "CO", SIDE_CLIENT, { false, true, true } },
	[WALK_ACTIVE_IN] = { "AI", SIDE_SERVER, { false, false, true } },
	[WALK_FORWARD] = { "F", SIDE_FORWARD, { false, false, true } },
	/* it came by one that it would leave by now, which is not known yet */
	[WALK_FORWARD_BACK] = { "FB", SIDE_FORWARD, { true, false, false } },
};

static int *not_yet(size_t n)
{
	int *v = alloc_zeroed(n + 1, sizeof(*v));

	while (n--)
		v[n] = NOT_YET;
	return v;
}

static const struct dispatch_side *side_of(const struct walks *w, enum side side)
{
	return &w->d->side[side][w->family];
}

void walks_init(struct walks *w, const struct dispatch *d, enum dispatch_family family,
		const struct xt_opts *opts, size_t levels, struct chain_set *set)
{
	int i;

	*w = (struct walks){ .d = d, .family = family, .opts = opts, .levels = levels, .set = set };
	w->leaf = not_yet(d->n_labels);
	w->unlabeled = w->unlabeled_saved = NOT_YET;
	for (i = 0; i < WALKS; i++) {
		w->walk[i].root = w->walk[i].miss = NOT_YET;
		w->walk[i].proto = not_yet(side_of(w, walks[i].side)->n_protos);
		w->walk[i].decision = not_yet(side_of(w, walks[i].side)->n_decisions);
	}
}

void walks_free(struct walks *w)
{
	int i;

	free(w->leaf);
	for (i = 0; i < WALKS; i++) {
		free(w->walk[i].proto);
		free(w->walk[i].decision);
	}
}

bool walks_side_has_lines(const struct walks *w, enum side side)
{
	return side_of(w, side)->n_decisions > DISPATCH_NONE + 1;
}

void walks_goto(struct walks *w, unsigned int chain, struct chain_rule rule, int target)
{
	rule.action = target == NOWHERE ? CHAIN_RETURN : CHAIN_GOTO;
	rule.target = target == NOWHERE ? 0 : target;
	chain_add(w->set, chain, rule);
}

void walks_end(struct walks *w, unsigned int chain, int target)
{
	if (target != NOWHERE)
		walks_goto(w, chain, (struct chain_rule){ 0 }, target);
}

struct chain_rule walks_done(const struct walks *w, struct chain_rule rule)
{
	rule.action = w->opts->accept ? CHAIN_ACCEPT : CHAIN_RETURN;
	return rule;
}

/* The rules that label a packet, and its connection with it. */
static void label(struct walks *w, unsigned int chain, const char *context, bool save)
{
	struct chain_rule rule = { .action = CHAIN_LABEL, .context = context };

	if (w->opts->module) {
		rule.flags = CHAIN_F_MODULE | (save ? CHAIN_F_SAVE : 0) |
			     (w->opts->accept ? CHAIN_F_ACCEPT : 0);
		chain_add(w->set, chain, rule);
		return;
	}
	chain_add(w->set, chain, rule);
	/* where every packet is looked up, a flow that is older than the rules comes by here as
	 * well */
	if (save)
		chain_add(w->set, chain,
			  (struct chain_rule){ .action = CHAIN_SAVE, .states = CHAIN_NEW });
	if (w->opts->accept)
		chain_add(w->set, chain, walks_done(w, (struct chain_rule){ 0 }));
}

static int leaf(struct walks *w, const struct plan_line *line)
{
	unsigned int i = dispatch_label(w->d, line);

	if (w->leaf[i] == NOT_YET) {
		w->leaf[i] = chain_new(w->set, "SECMARK2-L%u", i);
		label(w, w->leaf[i], w->d->labels[i], true);
	}
	return w->leaf[i];
}

int walks_unlabeled(struct walks *w)
{
	if (w->unlabeled != NOT_YET)
		return w->unlabeled;
	w->unlabeled = NOWHERE;
	if (w->opts->unlabeled) {
		w->unlabeled = chain_new(w->set, "SECMARK2-UNLABELED");
		label(w, w->unlabeled, w->opts->unlabeled, false);
	}
	return w->unlabeled;
}

int walks_unlabeled_saved(struct walks *w)
{
	if (w->unlabeled_saved != NOT_YET)
		return w->unlabeled_saved;
	w->unlabeled_saved = NOWHERE;
	if (w->opts->unlabeled) {
		w->unlabeled_saved = chain_new(w->set, "SECMARK2-UNLABELED-SAVED");
		label(w, w->unlabeled_saved, w->opts->unlabeled, true);
	}
	return w->unlabeled_saved;
}

static int default_leaf(struct walks *w, enum side side)
{
	const struct plan_line *line = side_of(w, side)->dflt;

	return line ? leaf(w, line) : walks_unlabeled(w);
}

/* No line of ours serves it; nobody knows who is the server where it starts in the middle or has no
 * connection. */
static int miss_server_in(struct walks *w)
{
	unsigned int c;
	int client;

	if (!walks_side_has_lines(w, SIDE_CLIENT))
		return default_leaf(w, SIDE_SERVER);
	client = walks_root(w, WALK_CLIENT_IN);
	c = chain_new(w->set, "SECMARK2-SI-NONE");
	walks_goto(w, c,
		   (struct chain_rule){
			   .proto = IPPROTO_TCP, .not_syn = true, .states = CHAIN_NEW },
		   client);
	/* what most packets are that come here, so it is asked first */
	walks_goto(w, c, (struct chain_rule){ .states = CHAIN_NEW | CHAIN_KNOWN },
		   default_leaf(w, SIDE_SERVER));
	walks_end(w, c, client);
	return c;
}

static int miss_client_in(struct walks *w)
{
	int client = default_leaf(w, SIDE_CLIENT), server = default_leaf(w, SIDE_SERVER);
	unsigned int c;

	if (client == server)
		return client;
	c = chain_new(w->set, "SECMARK2-CI-NONE");
	walks_goto(w, c, (struct chain_rule){ .reply = true }, client);
	walks_end(w, c, server);
	return c;
}

static int miss_server_out(struct walks *w)
{
	unsigned int c;

	if (!w->d->plan->loopback)
		return walks_root(w, WALK_CLIENT_OUT);
	c = chain_new(w->set, "SECMARK2-SO-NONE");
	walks_goto(w, c, (struct chain_rule){ .reply = true }, default_leaf(w, SIDE_SERVER));
	walks_end(w, c, walks_root(w, WALK_CLIENT_OUT));
	return c;
}

/*
 * A connection over lo that had no label would get the server's when it comes in.
 */
static int miss_client_out(struct walks *w)
{
	unsigned int c;

	if (side_of(w, SIDE_CLIENT)->dflt || !w->d->plan->loopback || walks_unlabeled(w) == NOWHERE)
		return default_leaf(w, SIDE_CLIENT);
	c = chain_new(w->set, "SECMARK2-CO-NONE");
	walks_goto(w, c, (struct chain_rule){ .out = "lo" }, walks_unlabeled_saved(w));
	walks_end(w, c, walks_unlabeled(w));
	return c;
}

static int miss_active_in(struct walks *w)
{
	return default_leaf(w, SIDE_SERVER);
}

static int miss_forward(struct walks *w)
{
	return default_leaf(w, SIDE_FORWARD);
}

/* Where a packet goes that no line fits. */
static int miss(struct walks *w, enum walk walk)
{
	static int (*const make[WALKS])(struct walks * w) = {
		[WALK_SERVER_IN] = miss_server_in,   [WALK_CLIENT_IN] = miss_client_in,
		[WALK_SERVER_OUT] = miss_server_out, [WALK_CLIENT_OUT] = miss_client_out,
		[WALK_ACTIVE_IN] = miss_active_in,   [WALK_FORWARD] = miss_forward,
		[WALK_FORWARD_BACK] = miss_forward,
	};

	if (w->walk[walk].miss == NOT_YET)
		w->walk[walk].miss = make[walk](w);
	return w->walk[walk].miss;
}

static bool asks_iface_only(const struct walks *w, const struct plan_line *line)
{
	struct plan_line rest = *line;

	rest.in.name[0] = rest.out.name[0] = '\0';
	return dispatch_fit(&rest, w->family) == DISPATCH_ALWAYS;
}

static int decision_chain(struct walks *w, enum walk walk, unsigned int i,
			  const struct dispatch_decision *x)
{
	unsigned int c = chain_new(w->set, "SECMARK2-%s-D%u", walks[walk].name, i), last = c;
	size_t j;

	for (j = 0; j < x->n; j++) {
		if ((x->final && j == x->n - 1) ||
		    (!walks[walk].view.knows_iface && asks_iface_only(w, x->lines[j]))) {
			walks_end(w, last, leaf(w, x->lines[j]));
			return c;
		}
		last = line_rules(w, &walks[walk].view, last, x->lines[j], leaf(w, x->lines[j]));
	}
	walks_end(w, last, miss(w, walk));
	return c;
}

/* Where a packet goes whose protocol and port are known. */
static int decided(struct walks *w, enum walk walk, unsigned int i)
{
	const struct dispatch_decision *x = &side_of(w, walks[walk].side)->decisions[i];
	int *chain = &w->walk[walk].decision[i];

	if (i == DISPATCH_NONE)
		return miss(w, walk);
	if (x->final && x->n == 1)
		return leaf(w, x->lines[0]);
	if (*chain == NOT_YET)
		*chain = decision_chain(w, walk, i, x);
	return *chain;
}

/* A protocol's ports: those that have to be tried, and the decision on the others. */
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

/* The decision that most segments have need not be tried for. */
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

static struct outline outline(const struct dispatch_side *side, const struct dispatch_proto *p)
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

static struct chain_rule port_rule(enum walk walk, uint8_t proto, unsigned int lo, unsigned int hi)
{
	return (struct chain_rule){
		.proto = proto,
		.has_port = true,
		.by_source = walks[walk].view.turned,
		.port = { lo, hi },
	};
}

/* How many ends a tree has in which each is reached by so many rules, of which so many at most lead
 * to other chains. */
static size_t ends(size_t rules, size_t levels)
{
	size_t sum = 0, of_these = 1, i;

	for (i = 0; i <= levels && i <= rules; i++) {
		sum += of_these;
		of_these = of_these * (rules - i) / (i + 1);
	}
	return sum;
}

/* How many of the ports stay in the chain at a split: in two halves, unless there are not chains
 * enough for that. */
static size_t left_part(size_t n, size_t levels)
{
	size_t buckets = (n + BUCKET - 1) / BUCKET, rules = 1, left;

	while (ends(rules, levels) < buckets)
		rules++;
	left = n * ends(rules - 1, levels) / ends(rules, levels);
	return left ? left : 1;
}

/* Splits the ports in two again and again. One part goes to a chain of its own, the other one stays
 * in the chain. */
static void tree(struct walks *w, enum walk walk, unsigned int chain, const struct outline *o,
		 size_t from, size_t n, size_t levels)
{
	size_t i, left;
	unsigned int right;

	for (; n > BUCKET && levels; n = left) {
		left = left_part(n, levels);
		right = chain_new(w->set, "SECMARK2-%s-%s-%u", walks[walk].name,
				  plan_proto_name(o->proto), o->v[from + left].lo);
		walks_goto(w, chain, port_rule(walk, o->proto, o->v[from + left].lo, PORT_MAX),
			   right);
		tree(w, walk, right, o, from + left, n - left, levels - 1);
	}
	for (i = from; i < from + n; i++)
		walks_goto(w, chain, port_rule(walk, o->proto, o->v[i].lo, o->v[i].hi),
			   decided(w, walk, o->v[i].decision));
	walks_end(w, chain, decided(w, walk, o->rest));
}

static int ftp_control(struct walks *w, enum walk walk)
{
	return decided(w, walk, dispatch_find(side_of(w, walks[walk].side), IPPROTO_TCP, FTP_PORT));
}

/*
 * The data flow of FTP goes to any port, and is labeled as its control flow is, here as where
 * connections pass their labels on. What the server opens ("active") runs against that, and is
 * known by the port; over lo that is not enough, where its end has the client's label. Asked only
 * where a packet of a known connection may be looked up.
 */
static void ftp_data(struct walks *w, enum walk walk, unsigned int chain)
{
	static const enum walk against[WALKS] = {
		[WALK_SERVER_IN] = WALK_CLIENT_IN,   [WALK_CLIENT_IN] = WALK_ACTIVE_IN,
		[WALK_SERVER_OUT] = WALK_CLIENT_OUT, [WALK_FORWARD] = WALK_FORWARD_BACK,
		[WALK_FORWARD_BACK] = WALK_FORWARD,
	};
	struct chain_rule data = { .proto = IPPROTO_TCP, .expected_by = "ftp" }, port = {
		.proto = IPPROTO_TCP,
		.has_port = true,
		.by_source = !walks[walk].view.turned,
		.port = { FTP_DATA_PORT, FTP_DATA_PORT },
	};
	bool stock_only = walk != WALK_SERVER_IN && walk != WALK_SERVER_OUT;
	unsigned int ftp;

	if (walk == WALK_CLIENT_OUT || (w->opts->module && stock_only))
		return;
	ftp = chain_new(w->set, "SECMARK2-%s-ftp", walks[walk].name);
	walks_goto(w, chain, data, ftp);
	walks_goto(w, ftp, port, ftp_control(w, against[walk]));
	walks_end(w, ftp, ftp_control(w, walk));
}

static int proto_chain(struct walks *w, enum walk walk, const struct dispatch_proto *p)
{
	struct outline o = outline(side_of(w, walks[walk].side), p);
	int target;

	if (o.n) {
		target = chain_new(w->set, "SECMARK2-%s-%s", walks[walk].name,
				   plan_proto_name(o.proto));
		if (o.proto == IPPROTO_TCP)
			ftp_data(w, walk, target);
		tree(w, walk, target, &o, 0, o.n, w->levels);
	} else {
		target = decided(w, walk, o.rest);
	}
	free(o.v);
	return target;
}

/* Where a packet of the side's i-th protocol goes. */
static int by_proto(struct walks *w, enum walk walk, size_t i)
{
	int *chain = &w->walk[walk].proto[i];

	if (*chain == NOT_YET)
		*chain = proto_chain(w, walk, &side_of(w, walks[walk].side)->protos[i]);
	return *chain;
}

void walks_rules(struct walks *w, enum walk walk, unsigned int chain)
{
	const struct dispatch_side *side = side_of(w, walks[walk].side);
	int others = by_proto(w, walk, side->n_protos - 1), target;
	size_t i;

	for (i = 0; i + 1 < side->n_protos; i++) {
		target = by_proto(w, walk, i);
		if (target != others)
			walks_goto(w, chain, (struct chain_rule){ .proto = side->protos[i].proto },
				   target);
	}
	walks_end(w, chain, others);
}

int walks_root(struct walks *w, enum walk walk)
{
	if (w->walk[walk].root == NOT_YET) {
		w->walk[walk].root = chain_new(w->set, "SECMARK2-%s", walks[walk].name);
		walks_rules(w, walk, w->walk[walk].root);
	}
	return w->walk[walk].root;
}
