// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/foreign_chains.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/hash.h"

/* Lists are indexes, counted from 1; 0 ends them. */
struct node {
	char *name;
	size_t next;        /* in the same bucket */
	size_t first, last; /* its rules, if it is a chain */
	size_t calls;       /* the rules that go to it */
};

struct link {
	struct foreign_rule rule;
	size_t chain, target;
	size_t next;      /* in the chain */
	size_t next_call; /* with the same target */
};

struct foreign_chains {
	struct node *nodes;
	struct link *rules;
	size_t n_nodes, n_rules;
	size_t *buckets;  /* of nodes, by the hash of the name */
	size_t n_buckets; /* a power of two */
};

struct foreign_chains *foreign_chains_new(void)
{
	return alloc_zeroed(1, sizeof(struct foreign_chains));
}

static size_t name_hash(struct foreign_name name)
{
	uint64_t hash = hash_bytes(HASH_START, name.text, name.len);

	return hash ^ hash >> 32;
}

static struct foreign_name node_name(const struct node *node)
{
	return (struct foreign_name){ node->name, strlen(node->name) };
}

static size_t *node_bucket(const struct foreign_chains *x, struct foreign_name name)
{
	return &x->buckets[name_hash(name) & (x->n_buckets - 1)];
}

static void grow_buckets(struct foreign_chains *x)
{
	size_t i, *bucket;

	free(x->buckets);
	x->n_buckets = x->n_buckets ? 2 * x->n_buckets : 64;
	x->buckets = alloc_zeroed(x->n_buckets, sizeof(*x->buckets));
	for (i = 1; i <= x->n_nodes; i++) {
		bucket = node_bucket(x, node_name(&x->nodes[i - 1]));
		x->nodes[i - 1].next = *bucket;
		*bucket = i;
	}
}

/* The index of a name, from 1; 0: no rule has it. */
static size_t find_node(const struct foreign_chains *x, struct foreign_name name)
{
	size_t i = x->n_nodes ? *node_bucket(x, name) : 0;

	while (i && (strncmp(x->nodes[i - 1].name, name.text, name.len) ||
		     x->nodes[i - 1].name[name.len]))
		i = x->nodes[i - 1].next;
	return i;
}

static size_t need_node(struct foreign_chains *x, struct foreign_name name)
{
	size_t i = find_node(x, name), *bucket;

	if (i)
		return i;
	if (x->n_nodes == x->n_buckets)
		grow_buckets(x);
	bucket = node_bucket(x, name);
	x->nodes = alloc_one_more(x->nodes, x->n_nodes, sizeof(*x->nodes));
	x->nodes[x->n_nodes++] = (struct node){ .name = alloc_text(name.text, name.len),
						.next = *bucket };
	*bucket = x->n_nodes;
	return x->n_nodes;
}

void foreign_chains_add(struct foreign_chains *x, struct foreign_name chain,
			struct foreign_name target, const struct foreign_rule *rule)
{
	struct link link = { .rule = *rule,
			     .chain = need_node(x, chain),
			     .target = need_node(x, target) };
	struct node *from = &x->nodes[link.chain - 1], *to = &x->nodes[link.target - 1];

	link.next_call = to->calls;
	x->rules = alloc_one_more(x->rules, x->n_rules, sizeof(*x->rules));
	x->rules[x->n_rules++] = link;
	to->calls = x->n_rules;
	if (from->last)
		x->rules[from->last - 1].next = x->n_rules;
	else
		from->first = x->n_rules;
	from->last = x->n_rules;
}

/* Nodes that have been marked, each once, and in which order: the first ones are done. */
struct marks {
	bool *has; /* by index, from 1 */
	size_t *v, n;
};

static struct marks marks_new(const struct foreign_chains *x)
{
	return (struct marks){ .has = alloc_zeroed(x->n_nodes + 1, sizeof(bool)),
			       .v = alloc_zeroed(x->n_nodes + 1, sizeof(size_t)) };
}

static void mark(struct marks *m, size_t node)
{
	if (!m->has[node])
		m->v[m->n++] = node;
	m->has[node] = true;
}

static void marks_free(struct marks *m)
{
	free(m->has);
	free(m->v);
}

/* Marks all chains that call a marked one, and those that call them. */
static void mark_callers(const struct foreign_chains *x, struct marks *m)
{
	size_t i, rule;

	for (i = 0; i < m->n; i++)
		for (rule = x->nodes[m->v[i] - 1].calls; rule; rule = x->rules[rule - 1].next_call)
			mark(m, x->rules[rule - 1].chain);
}

bool foreign_chains_lead(const struct foreign_chains *x, struct foreign_name chain,
			 struct foreign_name to)
{
	size_t from = find_node(x, chain), target = find_node(x, to);
	struct marks m;
	bool lead;

	if (!from || !target)
		return false;
	m = marks_new(x);
	mark(&m, target);
	mark_callers(x, &m);
	lead = m.has[from];
	marks_free(&m);
	return lead;
}

static const void *first_end(const struct foreign_chains *x, size_t chain,
			     const struct marks *to_us, const struct marks *to_end)
{
	const struct link *rule;
	size_t i;

	for (i = x->nodes[chain - 1].first; i; i = rule->next) {
		rule = &x->rules[i - 1];
		/* a jump with a condition lets other packets continue */
		if (to_us->has[rule->target] && rule->rule.plain)
			return NULL;
		if (to_us->has[rule->target])
			continue;
		if (rule->rule.ends || to_end->has[rule->target])
			return rule->rule.rule;
	}
	return NULL;
}

const void *foreign_chains_find_end(const struct foreign_chains *x, struct foreign_name chain,
				    bool (*ours)(const char *name))
{
	struct marks to_us = marks_new(x), to_end = marks_new(x);
	size_t from = find_node(x, chain), i;
	const void *end;

	for (i = 1; i <= x->n_nodes; i++)
		if (ours(x->nodes[i - 1].name))
			mark(&to_us, i);
	mark_callers(x, &to_us);
	/* what leads to us may end elsewhere, but is asked only where packets do not get to us */
	for (i = 0; i < x->n_rules; i++)
		if (x->rules[i].rule.ends)
			mark(&to_end, x->rules[i].chain);
	mark_callers(x, &to_end);
	end = from ? first_end(x, from, &to_us, &to_end) : NULL;
	marks_free(&to_us);
	marks_free(&to_end);
	return end;
}

void foreign_chains_free(struct foreign_chains *x)
{
	size_t i;

	for (i = 0; x && i < x->n_nodes; i++)
		free(x->nodes[i].name);
	if (x) {
		free(x->nodes);
		free(x->rules);
		free(x->buckets);
	}
	free(x);
}
