// SPDX-License-Identifier: GPL-2.0-only
/*
 * Five binary tries: of protocols with ports, of sources, of destinations, and of the names of both
 * interfaces. A key is a prefix, and "any" is the empty one. Two prefixes have something in common
 * if one is the beginning of the other, so what is not apart from a prefix is on the way to it, or
 * below it. A search counts these in each trie, and looks at those of the trie that has the fewest.
 *
 * Matches with conditions on other things are in other groups, and each group has its own tries:
 * half of them can have ports only, and the other half sources only.
 */
#include "dump/match_index.h"

#include <stdlib.h>
#include <string.h>

#include "dump/match.h"
#include "util/alloc.h"

/* The protocol, or the family of an address, is the first byte. */
#define FIRST_BITS 8
#define PORT_BITS 16
#define NAME_BITS 8
/* The most keys of a match in a trie. With more, its ports or networks are left out. */
#define KEYS_MAX 64
/* How many looks may be in vain. It takes less than a second. */
#define VAIN_MAX 10000000

struct trie_key {
	uint8_t bytes[1 + 16]; /* a name has up to IFNAMSIZ, with its NUL */
	uint8_t bits;
};

struct trie_node {
	struct trie_key key;
	struct trie_node *child[2];
	size_t *v; /* the numbers of the matches with this key */
	size_t n;
	size_t all; /* here and below; those that are out may still count */
};

enum trie { TRIE_PORTS, TRIE_FROM, TRIE_TO, TRIE_IN, TRIE_OUT, TRIES };

/* One bit for each trie: are the keys more than "any"? And one: are there ports, or a protocol? */
#define GROUPS (1u << (TRIES + 1))

struct match_group {
	struct trie_node *root[TRIES];
};

struct match_entry {
	struct dump_match match;
	bool out;
	unsigned long asked; /* the last search that looked at it */
};

struct match_index {
	struct match_group groups[GROUPS];
	struct match_entry *v;
	size_t n;
	unsigned long asked;
	size_t vain; /* looks at what was apart, in all searches */
	/* of the last search */
	const struct dump_match *m;
	size_t *found, n_found, max;
};

struct trie_keys {
	struct trie_key v[KEYS_MAX];
	size_t n;
};

static bool key_bit(const struct trie_key *key, unsigned int at)
{
	return key->bytes[at / 8] >> (7 - at % 8) & 1;
}

/* How many bits are the same at the beginning of both? */
static unsigned int common_bits(const struct trie_key *a, const struct trie_key *b)
{
	unsigned int most = a->bits < b->bits ? a->bits : b->bits, n = 0;

	while (n + 8 <= most && a->bytes[n / 8] == b->bytes[n / 8])
		n += 8;
	while (n < most && key_bit(a, n) == key_bit(b, n))
		n++;
	return n;
}

static struct trie_node *new_node(const struct trie_key *key, unsigned int bits)
{
	struct trie_node *node = alloc_zeroed(1, sizeof(*node));

	node->key = *key;
	node->key.bits = bits;
	return node;
}

static void trie_add(struct trie_node **at, const struct trie_key *key, size_t number)
{
	struct trie_node *node, *above;
	unsigned int common;

	for (;; at = &node->child[key_bit(key, node->key.bits)]) {
		if (!*at)
			*at = new_node(key, key->bits);
		node = *at;
		common = common_bits(&node->key, key);
		if (common < node->key.bits) {
			above = new_node(key, common);
			above->child[key_bit(&node->key, common)] = node;
			above->all = node->all;
			node = *at = above;
		}
		node->all++;
		if (node->key.bits == key->bits)
			break;
	}
	node->v = alloc_one_more(node->v, node->n, sizeof(*node->v));
	node->v[node->n++] = number;
}

/* How many matches are on the way to a key, and below it? */
static size_t trie_count(const struct trie_node *node, const struct trie_key *key)
{
	size_t n = 0;

	while (node) {
		unsigned int common = common_bits(&node->key, key);

		if (common == key->bits)
			return n + node->all;
		if (common < node->key.bits)
			break;
		n += node->n;
		node = node->child[key_bit(key, common)];
	}
	return n;
}

static void look_at(struct match_index *x, size_t number)
{
	struct match_entry *e = &x->v[number];

	if (e->asked == x->asked)
		return;
	e->asked = x->asked;
	if (dump_match_apart(&e->match, x->m)) {
		x->vain++;
		return;
	}
	x->found = alloc_one_more(x->found, x->n_found, sizeof(*x->found));
	x->found[x->n_found++] = number;
}

/* Looks at the matches of a node. Returns how many it has removed, because they are out. */
static size_t search_node(struct match_index *x, struct trie_node *node)
{
	size_t i, kept = 0, removed;

	for (i = 0; i < node->n; i++) {
		if (x->v[node->v[i]].out)
			continue;
		node->v[kept++] = node->v[i];
		if (x->n_found < x->max && !match_index_is_spent(x))
			look_at(x, node->v[i]);
	}
	removed = node->n - kept;
	node->n = kept;
	return removed;
}

/* The same for all nodes that are not apart from a key. It goes no deeper than a key has bits. */
static size_t trie_search(struct match_index *x, struct trie_node *node, const struct trie_key *key)
{
	size_t removed;
	unsigned int common;

	if (!node || !node->all || x->n_found >= x->max || match_index_is_spent(x))
		return 0;
	common = common_bits(&node->key, key);
	if (common < node->key.bits && common < key->bits)
		return 0;
	removed = search_node(x, node);
	if (common == key->bits)
		removed += trie_search(x, node->child[0], key) +
			   trie_search(x, node->child[1], key);
	else
		removed += trie_search(x, node->child[key_bit(key, common)], key);
	node->all -= removed;
	return removed;
}

static void trie_free(struct trie_node *node)
{
	if (!node)
		return;
	trie_free(node->child[0]);
	trie_free(node->child[1]);
	free(node->v);
	free(node);
}

/* Cuts a range of ports into prefixes. Returns false if there is no room for them. */
static bool add_range(struct trie_keys *keys, uint8_t proto, const struct port_range *range)
{
	unsigned int lo, host;

	for (lo = range->lo; lo <= range->hi; lo += 1u << host) {
		for (host = 0;
		     host < PORT_BITS && !(lo & 1u << host) && lo + (2u << host) - 1 <= range->hi;)
			host++;
		if (keys->n == KEYS_MAX)
			return false;
		keys->v[keys->n++] = (struct trie_key){ { proto, lo >> 8, lo & 0xff },
							FIRST_BITS + PORT_BITS - host };
	}
	return true;
}

static void ports_keys(const struct dump_match *m, struct trie_keys *keys)
{
	size_t i;

	keys->n = 0;
	for (i = 0; i < m->ports.n && m->proto; i++)
		if (!add_range(keys, m->proto, &m->ports.v[i]))
			break;
	if (i == m->ports.n && keys->n)
		return;
	keys->v[0] = (struct trie_key){ { m->proto }, m->proto ? FIRST_BITS : 0 };
	keys->n = 1;
}

static void nets_keys(const struct match_nets *nets, struct trie_keys *keys)
{
	struct trie_key *key;

	if (!nets->n || nets->negated || nets->n > KEYS_MAX) {
		keys->v[0] = (struct trie_key){ .bits = 0 };
		keys->n = 1;
		return;
	}
	for (keys->n = 0; keys->n < nets->n; keys->n++) {
		key = &keys->v[keys->n];
		key->bytes[0] = nets->v[keys->n].family == AF_INET6;
		memcpy(key->bytes + 1, nets->v[keys->n].addr, sizeof(nets->v[0].addr));
		key->bits = FIRST_BITS + nets->v[keys->n].len;
	}
}

/* "eth+" is the beginning of "eth0", and "eth" with its NUL is not. */
static void iface_keys(const struct plan_iface *iface, struct trie_keys *keys)
{
	size_t len = strlen(iface->name);
	struct trie_key *key = &keys->v[0];

	*key = (struct trie_key){ .bits = 0 };
	keys->n = 1;
	if (!len || iface->negated)
		return;
	memcpy(key->bytes, iface->name, len);
	key->bits = NAME_BITS * (iface->name[len - 1] == '+' ? len - 1 : len + 1);
}

static void make_keys(const struct dump_match *m, enum trie trie, struct trie_keys *keys)
{
	switch (trie) {
	case TRIE_PORTS:
		ports_keys(m, keys);
		break;
	case TRIE_FROM:
	case TRIE_TO:
		nets_keys(trie == TRIE_FROM ? &m->from : &m->to, keys);
		break;
	default:
		iface_keys(trie == TRIE_IN ? &m->in : &m->out, keys);
	}
}

static unsigned int group_of(const struct trie_keys keys[TRIES])
{
	unsigned int trie, group = 0;

	for (trie = 0; trie < TRIES; trie++)
		group |= (keys[trie].v[0].bits > 0) << trie;
	return group | (keys[TRIE_PORTS].v[0].bits > FIRST_BITS) << TRIES;
}

struct match_index *match_index_new(void)
{
	return alloc_zeroed(1, sizeof(struct match_index));
}

size_t match_index_add(struct match_index *x, const struct dump_match *m)
{
	struct trie_keys keys[TRIES];
	struct match_group *group;
	size_t i, trie;

	x->v = alloc_one_more(x->v, x->n, sizeof(*x->v));
	x->v[x->n] = (struct match_entry){ .match = *m };
	for (trie = 0; trie < TRIES; trie++)
		make_keys(m, trie, &keys[trie]);
	group = &x->groups[group_of(keys)];
	for (trie = 0; trie < TRIES; trie++)
		for (i = 0; i < keys[trie].n; i++)
			trie_add(&group->root[trie], &keys[trie].v[i], x->n);
	return x->n++;
}

void match_index_drop(struct match_index *x, size_t number)
{
	x->v[number].out = true;
}

static int by_number(const void *va, const void *vb)
{
	const size_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

/* Searches the trie of a group that has the fewest matches to look at. */
static void search_group(struct match_index *x, const struct match_group *group,
			 const struct trie_keys keys[TRIES])
{
	size_t trie, best = 0, fewest = SIZE_MAX, n, i;

	for (trie = 0; trie < TRIES; trie++) {
		for (n = i = 0; i < keys[trie].n; i++)
			n += trie_count(group->root[trie], &keys[trie].v[i]);
		if (n < fewest) {
			fewest = n;
			best = trie;
		}
	}
	for (i = 0; i < keys[best].n; i++)
		trie_search(x, group->root[best], &keys[best].v[i]);
}

size_t match_index_find(struct match_index *x, const struct dump_match *m, size_t max,
			const size_t **numbers)
{
	struct trie_keys keys[TRIES];
	size_t i;

	for (i = 0; i < TRIES; i++)
		make_keys(m, i, &keys[i]);
	free(x->found);
	x->found = NULL;
	x->n_found = 0;
	x->asked++;
	x->m = m;
	x->max = max;
	for (i = 0; i < GROUPS; i++)
		/* a match is in each trie of its group */
		if (x->groups[i].root[0])
			search_group(x, &x->groups[i], keys);
	if (x->n_found)
		qsort(x->found, x->n_found, sizeof(*x->found), by_number);
	*numbers = x->found;
	return x->n_found;
}

bool match_index_is_spent(const struct match_index *x)
{
	return x->vain > VAIN_MAX;
}

void match_index_free(struct match_index *x)
{
	size_t i;

	for (i = 0; x && i < GROUPS * TRIES; i++)
		trie_free(x->groups[i / TRIES].root[i % TRIES]);
	if (x) {
		free(x->v);
		free(x->found);
	}
	free(x);
}
