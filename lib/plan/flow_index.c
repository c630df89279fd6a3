// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tuple space search. A key is a combination of values that a line asks for: a protocol, a prefix
 * of the port, a network of each list, an interface. Which of them a key has, and how long the
 * prefixes are, is its shape. A plan has few shapes, so a flow needs one lookup for each of them.
 * A key only narrows the choice: lookup_line_fits() decides.
 */
#include "plan/flow_index.h"

#include <stdlib.h>
#include <string.h>

#include "packet/flow.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "util/alloc.h"

#define PORT_BITS 16
/* The most keys of a line. With more, parts of its keys stay empty. */
#define KEYS_MAX 64
/* The most shapes whose keys have networks. Beyond them, keys have none. */
#define SHAPES_MAX 64

/* The interface in a key. A line with a name is found under it, and also without it, for flows
 * whose interface is not known. A pattern is a name that is negated or ends with +. */
enum key_iface { NO_IFACE, IN_NAME, IN_ANY, IN_PATTERN, OUT_NAME, OUT_ANY, OUT_PATTERN };

struct shape {
	bool proto;
	uint8_t port, from, to; /* lengths of the prefixes */
	uint8_t bits;           /* of an address, if there are networks: 32 or 128; else 0 */
	uint8_t iface;          /* enum key_iface */
};

struct key_entry {
	uint64_t hash;
	unsigned int line, next; /* index of the line; next in the bucket, from 1 */
};

struct side_index {
	struct shape_use {
		struct shape shape;
		unsigned int first; /* the first line that has such keys */
	} * shapes;
	size_t n_shapes;
	struct key_entry *entries; /* those of a bucket are in the order of their lines */
	size_t n_entries;
	unsigned int *buckets;
	size_t n_buckets; /* a power of two */
	const struct plan_line *dflt;
};

struct flow_index {
	const struct plan *plan;
	struct side_index side[SIDES];
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
	/* 2^64 / golden ratio, as the kernel's hash_64() */
	hash = (hash ^ word) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 32;
}

static uint64_t mix_bytes(uint64_t hash, const void *bytes, size_t n)
{
	uint64_t word;
	size_t i;

	for (i = 0; i < n; i += sizeof(word)) {
		word = 0;
		memcpy(&word, (const char *)bytes + i, n - i < sizeof(word) ? n - i : sizeof(word));
		hash = mix(hash, word);
	}
	return hash;
}

/* The network of that length around an address */
static uint64_t mix_prefix(uint64_t hash, const struct net *net, unsigned int len)
{
	uint8_t addr[sizeof(net->addr)] = { 0 };

	memcpy(addr, net->addr, (len + 7) / 8);
	if (len % 8)
		addr[len / 8] &= 0xff << (8 - len % 8);
	return mix_bytes(hash, addr, sizeof(addr));
}

/* The parts of a key; for a shape without the part, its value does not matter. */
struct parts {
	uint8_t proto;
	uint16_t port;
	const struct net *from, *to;
	const char *iface;
};

static uint64_t hash_parts(const struct shape *s, const struct parts *p)
{
	uint64_t lengths = (uint64_t)s->port << 32 | (uint64_t)s->from << 24 | s->to << 16 |
			   s->iface << 8 | s->bits;
	uint64_t hash = mix(0, lengths);

	hash = mix(hash, s->proto ? 0x100u | p->proto : 0);
	if (s->port)
		hash = mix(hash, p->port >> (PORT_BITS - s->port));
	if (s->from)
		hash = mix_prefix(hash, p->from, s->from);
	if (s->to)
		hash = mix_prefix(hash, p->to, s->to);
	if (s->iface == IN_NAME || s->iface == OUT_NAME)
		hash = mix_bytes(hash, p->iface, strlen(p->iface));
	return hash;
}

static struct shape_use *find_shape(const struct side_index *x, const struct shape *s)
{
	size_t i;

	for (i = x->n_shapes; i > 0; i--)
		if (!memcmp(&x->shapes[i - 1].shape, s, sizeof(*s)))
			return &x->shapes[i - 1];
	return NULL;
}

static void add_key(struct side_index *x, struct shape s, const struct parts *p, unsigned int line)
{
	struct shape_use *use = find_shape(x, &s);

	if (!use && s.bits && x->n_shapes >= SHAPES_MAX) {
		s.from = s.to = s.bits = 0;
		use = find_shape(x, &s);
	}
	if (!use) {
		x->shapes = alloc_one_more(x->shapes, x->n_shapes, sizeof(*x->shapes));
		use = &x->shapes[x->n_shapes++];
		use->shape = s;
	}
	use->first = line;
	x->entries = alloc_one_more(x->entries, x->n_entries, sizeof(*x->entries));
	x->entries[x->n_entries++] = (struct key_entry){ hash_parts(&s, p), line, 0 };
}

/* May this be true of a flow only because of the interface's name? "!lo" may be without it. */
static bool is_pattern(const struct plan_iface *iface)
{
	return *iface->name && !(iface->negated && !strcmp(iface->name, "lo"));
}

static bool has_plain_name(const struct plan_iface *iface)
{
	size_t n = strlen(iface->name);

	return n && !iface->negated && iface->name[n - 1] != '+';
}

static void add_ifaces(struct side_index *x, struct shape s, struct parts *p,
		       const struct plan_line *line, unsigned int index)
{
	bool in = has_plain_name(&line->in);

	if (!in && !has_plain_name(&line->out)) {
		s.iface = is_pattern(&line->in)  ? IN_PATTERN :
			  is_pattern(&line->out) ? OUT_PATTERN :
						   NO_IFACE;
		add_key(x, s, p, index);
		return;
	}
	p->iface = in ? line->in.name : line->out.name;
	s.iface = in ? IN_NAME : OUT_NAME;
	add_key(x, s, p, index);
	s.iface = in ? IN_ANY : OUT_ANY;
	add_key(x, s, p, index);
}

/* Cuts the next prefix off a range of ports. Returns its length. */
static unsigned int next_prefix(unsigned int lo, unsigned int hi)
{
	unsigned int host = 0;

	while (host < PORT_BITS && !(lo & 1u << host) && lo + (2u << host) - 1 <= hi)
		host++;
	return PORT_BITS - host;
}

static size_t count_prefixes(const struct ports *ports)
{
	unsigned int lo;
	size_t i, n = 0;

	for (i = 0; i < ports->n; i++)
		for (lo = ports->v[i].lo; lo <= ports->v[i].hi; n++)
			lo += 1u << (PORT_BITS - next_prefix(lo, ports->v[i].hi));
	return n;
}

static void add_ports(struct side_index *x, struct shape s, struct parts *p,
		      const struct plan_line *line, unsigned int index, bool by_port)
{
	unsigned int lo;
	size_t i;

	if (!by_port)
		add_ifaces(x, s, p, line, index);
	for (i = 0; by_port && i < line->ports.n; i++) {
		for (lo = line->ports.v[i].lo; lo <= line->ports.v[i].hi;
		     lo += 1u << (PORT_BITS - s.port)) {
			s.port = next_prefix(lo, line->ports.v[i].hi);
			p->port = lo;
			add_ifaces(x, s, p, line, index);
		}
	}
}

static size_t count_key_nets(const struct plan_nets *nets)
{
	return nets->negated ? 0 : nets->n;
}

static void add_line(struct side_index *x, const struct plan_line *line, unsigned int index)
{
	size_t n_from = count_key_nets(&line->from), n_to = count_key_nets(&line->to);
	size_t n_ports = count_prefixes(&line->ports), n, i, j;
	struct parts p = { .proto = line->proto };
	struct shape s;

	/* with too many keys, leave a part of them empty */
	if (n_ports > KEYS_MAX)
		n_ports = 0;
	n = n_ports ? n_ports : 1;
	if (n_from > KEYS_MAX / n)
		n_from = 0;
	n *= n_from ? n_from : 1;
	if (n_to > KEYS_MAX / n)
		n_to = 0;
	for (i = 0; i < n_from + !n_from; i++) {
		for (j = 0; j < n_to + !n_to; j++) {
			p.from = n_from ? &line->from.v[i] : NULL;
			p.to = n_to ? &line->to.v[j] : NULL;
			if (p.from && p.to && p.from->family != p.to->family)
				continue;
			memset(&s, 0, sizeof(s));
			s.proto = line->proto;
			s.from = p.from ? p.from->len : 0;
			s.to = p.to ? p.to->len : 0;
			if (p.from || p.to)
				s.bits = net_bits(p.from ? p.from->family : p.to->family);
			add_ports(x, s, &p, line, index, n_ports);
		}
	}
}

static int compare_shapes(const void *a, const void *b)
{
	const struct shape_use *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* Lines were added from the last to the first one, so the first one is in front of each bucket. */
static void fill_buckets(struct side_index *x)
{
	unsigned int *bucket;
	size_t i;

	x->n_buckets = 64;
	while (x->n_buckets < 2 * x->n_entries)
		x->n_buckets *= 2;
	x->buckets = alloc_zeroed(x->n_buckets, sizeof(*x->buckets));
	for (i = 0; i < x->n_entries; i++) {
		bucket = &x->buckets[x->entries[i].hash & (x->n_buckets - 1)];
		x->entries[i].next = *bucket;
		*bucket = i + 1;
	}
	if (x->n_shapes)
		qsort(x->shapes, x->n_shapes, sizeof(*x->shapes), compare_shapes);
}

struct flow_index *flow_index_new(const struct plan *plan)
{
	struct flow_index *x = alloc_zeroed(1, sizeof(*x));
	const struct plan_line *line;
	unsigned int i;
	int side;

	x->plan = plan;
	for (i = plan->n_lines; i-- > 0;) {
		line = &plan->lines[i];
		if (line->is_default)
			x->side[line->side].dflt = line;
		else
			add_line(&x->side[line->side], line, i);
	}
	for (side = 0; side < SIDES; side++)
		fill_buckets(&x->side[side]);
	return x;
}

/* May a key of this shape belong to a line that fits? Sets the name of its interface. */
static bool shape_suits(const struct shape *s, const struct flow *flow, bool possible,
			struct parts *p)
{
	if (s->bits && s->bits != net_bits(flow->src.family))
		return false;
	/* lines with a name have a key without it, too */
	if (flow->any_iface)
		return s->iface != IN_NAME && s->iface != OUT_NAME;
	switch ((enum key_iface)s->iface) {
	case IN_NAME:
		p->iface = flow->in;
		return *flow->in;
	case IN_ANY:
		return possible && !*flow->in;
	case IN_PATTERN:
		return possible || *flow->in;
	case OUT_NAME:
		p->iface = flow->out;
		return *flow->out;
	case OUT_ANY:
		return possible && !*flow->out;
	case OUT_PATTERN:
		return possible || *flow->out;
	case NO_IFACE:
		break;
	}
	return true;
}

const struct plan_line *flow_index_find(const struct flow_index *x, enum side side,
					const struct flow *flow, bool possible)
{
	struct parts p = { flow->proto, flow->dport, &flow->src, &flow->dst, NULL };
	const struct side_index *s = &x->side[side];
	const struct plan_line *lines = x->plan->lines;
	unsigned int best = x->plan->n_lines, at;
	const struct key_entry *e;
	uint64_t hash;
	size_t i;

	for (i = 0; i < s->n_shapes && s->shapes[i].first < best; i++) {
		if (!shape_suits(&s->shapes[i].shape, flow, possible, &p))
			continue;
		hash = hash_parts(&s->shapes[i].shape, &p);
		for (at = s->buckets[hash & (s->n_buckets - 1)]; at; at = e->next) {
			e = &s->entries[at - 1];
			if (e->line >= best)
				break;
			if (e->hash == hash && lookup_line_fits(&lines[e->line], flow, possible))
				best = e->line;
		}
	}
	return best < x->plan->n_lines ? &lines[best] : NULL;
}

const struct plan_line *flow_index_default(const struct flow_index *x, enum side side)
{
	return x->side[side].dflt;
}

bool flow_index_has_side(const struct flow_index *x, enum side side)
{
	return x->side[side].dflt || x->side[side].n_shapes;
}

void flow_index_free(struct flow_index *x)
{
	int side;

	for (side = 0; x && side < SIDES; side++) {
		free(x->side[side].shapes);
		free(x->side[side].entries);
		free(x->side[side].buckets);
	}
	free(x);
}
