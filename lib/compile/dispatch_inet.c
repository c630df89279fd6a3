// SPDX-License-Identifier: GPL-2.0-only
#include "compile/dispatch_inet.h"

#include <stdlib.h>
#include <string.h>

#include "packet/ports.h"
#include "packet/proto.h"
#include "util/alloc.h"

/* A place in the segments of one family; it moves from the lowest port upwards. */
struct cursor {
	const struct dispatch_segment *v;
	size_t n;
};

struct build {
	const struct dispatch *d;
	enum side side;
	struct inet_side *both;
	/* chains of outcomes with the same decision for IPv4: first is indexed by decision, next by
	 * outcome; both count from 1 */
	unsigned int *first;
	unsigned int *next;
};

static const struct dispatch_side *of_family(const struct build *b, enum dispatch_family family)
{
	return &b->d->side[b->side][family];
}

/* The protocol's own segments, or the ones of all protocols without. */
static struct cursor cursor_start(const struct dispatch_side *s, uint8_t proto)
{
	size_t i;

	for (i = 0; i < s->n_protos; i++)
		if (s->protos[i].proto == proto || !s->protos[i].proto)
			return (struct cursor){ s->protos[i].v, s->protos[i].n };
	return (struct cursor){ NULL, 0 };
}

/* The decision on a port that is not lower than the last one asked for. Lowers *until to the last
 * port that has this decision. */
static unsigned int cursor_to(struct cursor *c, unsigned int port, unsigned int *until)
{
	unsigned int last = PORT_MAX, decision = DISPATCH_NONE;

	while (c->n && c->v->hi < port) {
		c->v++;
		c->n--;
	}
	if (c->n && c->v->lo <= port) {
		last = c->v->hi;
		decision = c->v->decision;
	} else if (c->n) {
		last = c->v->lo - 1;
	}
	if (last < *until)
		*until = last;
	return decision;
}

/* The label that a decision gives unconditionally, or -1. */
static int inet_label_of(const struct build *b, enum dispatch_family family, unsigned int decision)
{
	const struct dispatch_decision *x = &of_family(b, family)->decisions[decision];

	return x->final && x->n == 1 ? (int)dispatch_label(b->d, x->lines[0]) : -1;
}

static unsigned int add_outcome(struct build *b, unsigned int v4, unsigned int v6)
{
	struct inet_side *both = b->both;
	struct inet_outcome o = { .decision = { v4, v6 },
				  .label = inet_label_of(b, DISPATCH_IPV4, v4) };
	unsigned int i;

	for (i = b->first[v4]; i; i = b->next[i - 1])
		if (both->outcomes[i - 1].decision[DISPATCH_IPV6] == v6)
			return i - 1;
	if (o.label != inet_label_of(b, DISPATCH_IPV6, v6))
		o.label = -1;
	b->next = alloc_one_more(b->next, both->n_outcomes, sizeof(*b->next));
	b->next[both->n_outcomes] = b->first[v4];
	both->outcomes = alloc_one_more(both->outcomes, both->n_outcomes, sizeof(o));
	both->outcomes[both->n_outcomes++] = o;
	b->first[v4] = both->n_outcomes;
	return both->n_outcomes - 1;
}

static void inet_add_segment(struct inet_proto *p, unsigned int lo, unsigned int hi,
			     unsigned int outcome)
{
	if (p->n && p->v[p->n - 1].decision == outcome) {
		p->v[p->n - 1].hi = hi;
		return;
	}
	p->v = alloc_one_more(p->v, p->n, sizeof(*p->v));
	p->v[p->n++] = (struct dispatch_segment){ lo, hi, outcome };
}

static bool is_final(const struct build *b, unsigned int outcome)
{
	const struct inet_outcome *o = &b->both->outcomes[outcome];

	return of_family(b, DISPATCH_IPV4)->decisions[o->decision[DISPATCH_IPV4]].final &&
	       of_family(b, DISPATCH_IPV6)->decisions[o->decision[DISPATCH_IPV6]].final;
}

/*
 * The outcome of most ports is looked up last, by the protocol alone. A packet whose port has
 * another outcome gets there, too, if it fits no line of that. That is right if the last outcome
 * has only lines for "any", because every port has these among its own. A packet must not get to
 * other lines. */
static void set_rest(const struct build *b, struct inet_proto *p, unsigned int others)
{
	unsigned int *widths = alloc_zeroed(b->both->n_outcomes, sizeof(*widths)), most = 0;
	bool falls_through = false;
	size_t i, kept = 0;

	for (i = 0; i < p->n; i++)
		widths[p->v[i].decision] += p->v[i].hi - p->v[i].lo + 1;
	for (i = 0; i < b->both->n_outcomes; i++)
		if (widths[i] > widths[most])
			most = i;
	for (i = 0; i < p->n; i++)
		falls_through |= p->v[i].decision != most && !is_final(b, p->v[i].decision);
	p->rest = falls_through ? others : most;
	for (i = 0; i < p->n; i++)
		if (p->v[i].decision != p->rest)
			p->v[kept++] = p->v[i];
	p->n = kept;
	free(widths);
}

static void inet_compile_proto(struct build *b, uint8_t proto, struct inet_proto *p)
{
	struct cursor v4 = cursor_start(of_family(b, DISPATCH_IPV4), proto);
	struct cursor v6 = cursor_start(of_family(b, DISPATCH_IPV6), proto);
	unsigned int port, until, d4, d6;

	*p = (struct inet_proto){ .proto = proto };
	for (port = 0; port <= PORT_MAX; port = until + 1) {
		until = PORT_MAX;
		d4 = cursor_to(&v4, port, &until);
		d6 = cursor_to(&v6, port, &until);
		inet_add_segment(p, port, until, add_outcome(b, d4, d6));
	}
	set_rest(b, p, b->both->others);
}

static bool inet_is_proto_named(const struct dispatch_side *s, uint8_t proto)
{
	size_t i;

	for (i = 0; i < s->n_protos; i++)
		if (s->protos[i].proto == proto)
			return true;
	return false;
}

void inet_compile(const struct dispatch *d, enum side side, struct inet_side *both)
{
	struct build b = { .d = d, .side = side, .both = both };
	const struct dispatch_side *v4 = of_family(&b, DISPATCH_IPV4),
				   *v6 = of_family(&b, DISPATCH_IPV6);
	struct inet_proto others;
	unsigned int i;

	*both = (struct inet_side){ .dflt = v4->dflt };
	b.first = alloc_zeroed(v4->n_decisions, sizeof(*b.first));
	add_outcome(&b, DISPATCH_NONE, DISPATCH_NONE);
	/* lines for "any" have no ports: all ports have one outcome */
	inet_compile_proto(&b, 0, &others);
	both->others = others.rest;
	free(others.v);
	for (i = 0; i < UINT8_MAX; i++) {
		uint8_t proto = proto_in_order(i);

		if (!inet_is_proto_named(v4, proto) && !inet_is_proto_named(v6, proto))
			continue;
		both->protos = alloc_one_more(both->protos, both->n_protos, sizeof(*both->protos));
		inet_compile_proto(&b, proto, &both->protos[both->n_protos++]);
	}
	free(b.first);
	free(b.next);
}

unsigned int inet_find(const struct inet_side *both, uint8_t proto, uint16_t port)
{
	const struct inet_proto *p = both->protos;
	size_t i;

	while (p < both->protos + both->n_protos && p->proto != proto)
		p++;
	if (p == both->protos + both->n_protos)
		return both->others;
	for (i = 0; i < p->n; i++)
		if (port >= p->v[i].lo && port <= p->v[i].hi)
			return p->v[i].decision;
	return p->rest;
}

bool inet_is_empty(const struct inet_side *both)
{
	return both->n_outcomes <= 1;
}

void inet_free(struct inet_side *both)
{
	size_t i;

	for (i = 0; i < both->n_protos; i++)
		free(both->protos[i].v);
	free(both->protos);
	free(both->outcomes);
	memset(both, 0, sizeof(*both));
}
