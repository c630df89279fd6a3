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
#include "xtables/listed_ports.h"
#include "xtables/tree_miss.h"

/* So many ports are tried one after the other: another split of the tree would cost as much. */
#define BUCKET 4

#define FTP_PORT 21

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
	unsigned int c = chain_new(t->set, "SECMARK2-%s-D%u", tree_kinds[tree].name, i), last = c,
		     next;
	size_t j, row = 0;

	for (j = 0; j < x->n && !t->over; j++) {
		if ((x->final && j == x->n - 1) ||
		    (!tree_kinds[tree].view.knows_iface && asks_iface_only(t, x->lines[j]))) {
			trees_end(t, last, trees_leaf(t, x->lines[j]));
			return c;
		}
		next = line_rules(t, &tree_kinds[tree].view, last, x->lines[j],
				  trees_leaf(t, x->lines[j]));
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
	const struct dispatch_decision *x = &trees_side(t, tree_kinds[tree].side)->decisions[i];
	int *chain = &t->tree[tree].decision[i];

	if (i == DISPATCH_NONE)
		return tree_miss(t, tree, false);
	if (x->final && x->n == 1)
		return trees_leaf(t, x->lines[0]);
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

/* The segments of TCP within the ports that lines list. @p: of TCP, or of all protocols. */
static struct outline listed_outline(const struct dispatch_proto *p, const struct ports *listed)
{
	struct outline o = { .proto = IPPROTO_TCP, .rest = DISPATCH_NONE };
	size_t i = 0, k = 0;

	o.v = alloc_zeroed(p->n + listed->n + 1, sizeof(*o.v));
	while (i < p->n && k < listed->n) {
		const struct dispatch_segment *s = &p->v[i];
		const struct port_range *l = &listed->v[k];

		outline_add(&o, s->lo > l->lo ? s->lo : l->lo, s->hi < l->hi ? s->hi : l->hi,
			    s->decision);
		if (s->hi < l->hi)
			i++;
		else
			k++;
	}
	return o;
}

static struct chain_rule port_rule(enum tree tree, uint8_t proto, unsigned int lo, unsigned int hi)
{
	return (struct chain_rule){
		.proto = proto,
		.has_port = true,
		.by_source = tree_kinds[tree].view.turned,
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
		right = chain_new(t->set, "SECMARK2-%s-%s-%u", tree_kinds[tree].name,
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
			    dispatch_find(trees_side(t, tree_kinds[tree].side), IPPROTO_TCP,
					  FTP_PORT));
}

/*
 * FTP's data connection goes to any port, and gets the label of its control connection, as it does
 * where the kernel passes the label on. In active mode the server opens it, in the opposite
 * direction; its port tells that. Only trees that look up packets of known connections ask for
 * this: with the module these are the ones for lo. */
static void ftp_data(struct trees *t, enum tree tree, unsigned int chain)
{
	static const enum tree against[TREES] = {
		[TREE_SERVER_IN] = TREE_CLIENT_IN,         [TREE_CLIENT_IN] = TREE_ACTIVE_IN,
		[TREE_SERVER_OUT] = TREE_CLIENT_OUT,       [TREE_FORWARD] = TREE_FORWARD_BACK,
		[TREE_FORWARD_BACK] = TREE_ACTIVE_FORWARD, [TREE_REPLY_BACK] = TREE_ACTIVE_FORWARD,
	};
	struct chain_rule port = tree_ftp_data_port(!tree_kinds[tree].view.turned);
	bool stock_only = tree != TREE_SERVER_IN && tree != TREE_SERVER_OUT;
	unsigned int ftp;

	if (t->opts->no_helper || tree == TREE_CLIENT_OUT || (t->opts->module && stock_only))
		return;
	ftp = chain_new(t->set, "SECMARK2-%s-ftp", tree_kinds[tree].name);
	tree_goto_expected(t, chain, ftp);
	trees_goto(t, ftp, port, ftp_control(t, against[tree]));
	trees_end(t, ftp, ftp_control(t, tree));
}

static struct outline protos_outline(const struct trees *t, enum tree tree,
				     const struct dispatch_proto *p)
{
	enum side side = tree_kinds[tree].side;
	struct ports listed;
	struct outline o;

	if (!tree_kinds[tree].listed)
		return tree_outline(trees_side(t, side), p);
	listed = listed_ports(t->d->plan, side, t->family);
	o = listed_outline(p, &listed);
	ports_free(&listed);
	return o;
}

static int proto_chain(struct trees *t, enum tree tree, const struct dispatch_proto *p)
{
	struct outline o = protos_outline(t, tree, p);
	int target;

	if (o.n) {
		target = chain_new(t->set, "SECMARK2-%s-%s", tree_kinds[tree].name,
				   proto_name(o.proto));
		if (o.proto == IPPROTO_TCP && !tree_kinds[tree].listed)
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
		*chain = proto_chain(t, tree, &trees_side(t, tree_kinds[tree].side)->protos[i]);
	return *chain;
}

int trees_tcp(struct trees *t, enum tree tree)
{
	const struct dispatch_side *side = trees_side(t, tree_kinds[tree].side);
	size_t i = 0;

	while (i + 1 < side->n_protos && side->protos[i].proto != IPPROTO_TCP)
		i++;
	return by_proto(t, tree, i);
}

void trees_rules_but_tcp(struct trees *t, enum tree tree, unsigned int chain, int tcp)
{
	const struct dispatch_side *side = trees_side(t, tree_kinds[tree].side);
	int others = by_proto(t, tree, side->n_protos - 1), target;
	bool asked = tcp == others;
	size_t i;

	for (i = 0; i + 1 < side->n_protos; i++) {
		asked |= side->protos[i].proto == IPPROTO_TCP;
		target = side->protos[i].proto == IPPROTO_TCP ? tcp : by_proto(t, tree, i);
		if (target != others)
			trees_goto(t, chain, (struct chain_rule){ .proto = side->protos[i].proto },
				   target);
	}
	if (!asked)
		trees_goto(t, chain, (struct chain_rule){ .proto = IPPROTO_TCP }, tcp);
	trees_end(t, chain, others);
}

void trees_rules(struct trees *t, enum tree tree, unsigned int chain)
{
	trees_rules_but_tcp(t, tree, chain, trees_tcp(t, tree));
}

int trees_root(struct trees *t, enum tree tree)
{
	if (t->tree[tree].root == NOT_YET) {
		t->tree[tree].root = chain_new(t->set, "SECMARK2-%s", tree_kinds[tree].name);
		trees_rules(t, tree, t->tree[tree].root);
	}
	return t->tree[tree].root;
}

/* What seems to be an answer to a client, but goes to a port that a line of a server lists. There
 * the server listens, so the kernel gave the port to no client. */
static void goto_listed(struct trees *t, unsigned int chain, int listed, int answer)
{
	if (listed == answer)
		return;
	tree_goto_expected(t, chain, answer);
	trees_goto(t, chain, tree_client_port(t, false), listed);
}

/* If the port is no client's, and no line of a server fits, it may be an answer nevertheless. A
 * chain for TCP costs other protocols less, but iptables-nft follows no more than XT_NFT_DEPTH. */
int trees_reply_in(struct trees *t)
{
	unsigned int c = chain_new(t->set, "SECMARK2-RI"), tcp = c;
	int client = trees_tcp(t, TREE_CLIENT_IN), server = trees_tcp(t, TREE_SERVER_IN);

	if (!t->opts->nft)
		tcp = chain_new(t->set, "SECMARK2-RI-tcp");
	goto_listed(t, tcp, trees_tcp(t, TREE_SERVER_LISTED), client);
	trees_goto(t, tcp, tree_client_port(t, false), client);
	trees_goto(t, tcp, tree_ftp_data_port(false), client);
	if (tcp != c)
		trees_end(t, tcp, server);
	trees_rules_but_tcp(t, TREE_CLIENT_IN, c, tcp != c ? (int)tcp : server);
	return c;
}

/* The kernel has chosen no port of a forwarded connection: an answer by its source's port comes
 * first. */
int trees_reply_forward(struct trees *t)
{
	unsigned int c = chain_new(t->set, "SECMARK2-RF");
	int dflt = tree_miss(t, TREE_FORWARD_BACK, false);
	enum tree tree = trees_tcp(t, TREE_FORWARD_LISTED) == dflt ? TREE_FORWARD_BACK :
								     TREE_REPLY_BACK;

	trees_rules_but_tcp(t, TREE_FORWARD_BACK, c,
			    tree_from_client(t, "RF", trees_tcp(t, TREE_FORWARD),
					     trees_tcp(t, tree)));
	return c;
}
