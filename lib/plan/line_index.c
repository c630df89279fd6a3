// SPDX-License-Identifier: GPL-2.0-only
#include "plan/line_index.h"

#include <stdlib.h>
#include <string.h>

#include "plan/line.h"
#include "util/alloc.h"
#include "util/hash.h"

/* A line with few ports has a key for each of them; every other line has this in place of a port.
 */
#define ANY_PORT (PORT_MAX + 1u)
#define FEW 8
/* The most keys of a line, unless one of its lists is longer. */
#define MANY 64
/* Limits of the work for a line: comparisons of two networks (comparing two lines counts as some of
 * them), and lookups of keys. Without them, thousands of similar lines would take seconds. */
#define WORK 4096
#define WORK_LINE 64
#define LOOKUPS 256

/* A network: its address, then its family and length; zeros for a negated or missing list. The
 * words have no gaps, so that they can be compared and hashed as one block. */
struct key {
	uint64_t from[3];
	uint64_t to[3];
	uint64_t proto_port;
	uint64_t iface;
};

struct entry {
	struct key key;
	const struct plan_line *line;
	size_t next; /* in the same bucket, from 1; 0: none */
};

/* The lengths of the networks in the keys, for IPv4 and IPv6 */
struct lens {
	bool v[2][129];
};

struct plan_index {
	struct entry *v;
	size_t n;
	size_t *buckets;
	size_t n_buckets; /* a power of two */
	struct lens from, to;
};

struct plan_index *plan_index_new(size_t n)
{
	struct plan_index *x = alloc_zeroed(1, sizeof(*x));

	x->n_buckets = 64;
	while (x->n_buckets < 2 * n)
		x->n_buckets *= 2;
	x->buckets = alloc_zeroed(x->n_buckets, sizeof(*x->buckets));
	return x;
}

static void put_net(uint64_t out[3], const struct net *net)
{
	if (!net)
		return;
	memcpy(out, net->addr, sizeof(net->addr));
	out[2] = (net->family == AF_INET ? 4u : 6u) << 8 | net->len;
}

/* The hash of the name of one interface; 0 if there is none, for a pattern, and if it is negated */
static uint64_t hash_iface(const struct plan_iface *iface)
{
	if (iface->negated || !*iface->name || iface->name[strlen(iface->name) - 1] == '+')
		return 0;
	return hash_text(iface->name);
}

static struct key make_key(uint8_t proto, const struct net *from, const struct net *to,
			   uint32_t port, uint64_t iface)
{
	struct key key = { .proto_port = (uint64_t)proto << 32 | port, .iface = iface };

	put_net(key.from, from);
	put_net(key.to, to);
	return key;
}

static size_t *key_bucket(const struct plan_index *x, const struct key *key)
{
	uint64_t words[sizeof(*key) / sizeof(uint64_t)], hash = 0;
	size_t i;

	memcpy(words, key, sizeof(words));
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		hash = (hash ^ words[i]) *
		       0x9e3779b97f4a7c15; /* 2^64 / golden ratio, as the kernel's hash_64() */
		hash ^= hash >> 32;
	}
	return &x->buckets[hash & (x->n_buckets - 1)];
}

static void add_entry(struct plan_index *x, const struct plan_line *line, const struct key *key)
{
	size_t *head = key_bucket(x, key);

	x->v = alloc_one_more(x->v, x->n, sizeof(*x->v));
	x->v[x->n] = (struct entry){ *key, line, *head };
	*head = ++x->n;
}

static size_t count_ports(const struct ports *ports)
{
	size_t i, n = 0;

	for (i = 0; i < ports->n; i++)
		n += ports->v[i].hi - ports->v[i].lo + 1u;
	return n;
}

/* The number of networks of a list that are put into keys */
static size_t count_nets(const struct plan_nets *nets)
{
	return nets->negated ? 0 : nets->n;
}

static void add_len(struct lens *lens, const struct net *net)
{
	if (net)
		lens->v[net->family == AF_INET6][net->len] = true;
}

static void add_pair(struct plan_index *x, const struct plan_line *line, const struct net *from,
		     const struct net *to, bool by_port)
{
	uint64_t in = hash_iface(&line->in), iface = in ? in : hash_iface(&line->out);
	struct key key = make_key(line->proto, from, to, ANY_PORT, iface);
	uint32_t port;
	size_t i;

	add_len(&x->from, from);
	add_len(&x->to, to);
	if (!by_port)
		add_entry(x, line, &key);
	for (i = 0; by_port && i < line->ports.n; i++) {
		for (port = line->ports.v[i].lo; port <= line->ports.v[i].hi; port++) {
			key = make_key(line->proto, from, to, port, iface);
			add_entry(x, line, &key);
		}
	}
}

void plan_index_add(struct plan_index *x, const struct plan_line *line)
{
	size_t n_from = count_nets(&line->from), n_to = count_nets(&line->to);
	size_t n_ports = count_ports(&line->ports), i, j;

	/* with too many keys, leave a part of the key empty */
	if (n_from && n_to > MANY / n_from)
		n_to = 0;
	if (n_ports > FEW || (n_from + 1) * (n_to + 1) * n_ports > MANY)
		n_ports = 0;
	for (i = 0; i < n_from + !n_from; i++)
		for (j = 0; j < n_to + !n_to; j++)
			add_pair(x, line, n_from ? &line->from.v[i] : NULL,
				 n_to ? &line->to.v[j] : NULL, n_ports);
}

struct search {
	const struct plan_index *x;
	const struct plan_line *line;
	uint64_t ifaces[3]; /* of keys; ends with 0 */
	bool (*covers)(const struct plan_line *a, const struct plan_line *b);
	size_t first;         /* the line found so far, from 1; 0: none */
	size_t work, lookups; /* the limits that are left */
};

/* The cost of comparing two lines */
static size_t work_of(const struct plan_line *a, const struct plan_line *b)
{
	return WORK_LINE + a->from.n * b->from.n + a->to.n * b->to.n;
}

static void find_entry(struct search *s, const struct key *key)
{
	const struct entry *e;
	size_t at, work;

	if (!s->lookups)
		return;
	s->lookups--;
	for (at = *key_bucket(s->x, key); at && s->work >= WORK_LINE; at = e->next) {
		e = &s->x->v[at - 1];
		if ((s->first && at > s->first) || memcmp(&e->key, key, sizeof(*key)))
			continue;
		work = work_of(e->line, s->line);
		if (work <= s->work && s->covers(e->line, s->line))
			s->first = at;
		s->work -= work < s->work ? work : s->work;
	}
}

static void find_ifaces(struct search *s, const struct net *from, const struct net *to,
			uint8_t proto, uint32_t port)
{
	struct key key = make_key(proto, from, to, port, 0);
	const uint64_t *iface = s->ifaces;

	do {
		key.iface = *iface;
		find_entry(s, &key);
	} while (*iface++);
}

static void find_pair(struct search *s, const struct net *from, const struct net *to)
{
	const struct plan_line *line = s->line;

	find_ifaces(s, from, to, line->proto, ANY_PORT);
	if (line->proto)
		find_ifaces(s, from, to, 0, ANY_PORT);
	if (line->ports.n)
		find_ifaces(s, from, to, line->proto, line->ports.v[0].lo);
}

/* Widens a network to the next length that a key has, if there is one. */
static bool widen_net(struct net *net, const struct lens *lens)
{
	while (net->len) {
		net->len--;
		net->addr[net->len / 8] &= 0xff << (8 - net->len % 8);
		if (lens->v[net->family == AF_INET6][net->len])
			return true;
	}
	return false;
}

static void find_to(struct search *s, const struct net *from)
{
	struct net to;

	find_pair(s, from, NULL);
	if (!count_nets(&s->line->to))
		return;
	to = s->line->to.v[0];
	do
		find_pair(s, from, &to);
	while (s->lookups && widen_net(&to, &s->x->to));
}

const struct plan_line *plan_index_find(const struct plan_index *x, const struct plan_line *line,
					bool (*covers)(const struct plan_line *a,
						       const struct plan_line *b))
{
	uint64_t in = hash_iface(&line->in), out = hash_iface(&line->out);
	struct search s = {
		.x = x,
		.line = line,
		.covers = covers,
		.ifaces = { in ? in : out, in ? out : 0 },
		.work = WORK,
		.lookups = LOOKUPS,
	};
	struct net from;

	find_to(&s, NULL);
	if (count_nets(&line->from)) {
		from = line->from.v[0];
		do
			find_to(&s, &from);
		while (s.lookups && widen_net(&from, &x->from));
	}
	return s.first ? x->v[s.first - 1].line : NULL;
}

void plan_index_free(struct plan_index *x)
{
	if (!x)
		return;
	free(x->buckets);
	free(x->v);
	free(x);
}
