// SPDX-License-Identifier: GPL-2.0-only
#include "advise/explain_groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/explain.h"
#include "advise/explain_case.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/hash.h"

/* All that makes a difference to the explanation, but for the names of programs. */
static char *key_of(const struct explain_groups *g, const struct denial *d)
{
	const struct explain_world nothing = { .plan = NULL };
	struct explain_case c;
	char *key;
	size_t len;
	FILE *out = buffer_open(&key, &len);

	explain_case_make(&c, &nothing, d, NULL);
	fprintf(out, "%d %d %s %s %s %s %d %d %u %d%d%d%d", d->granted, d->permissive, d->class,
		d->perms, c.source, c.target, c.server, c.role, explain_server_port(&c), c.loopback,
		c.ports, c.icmp, d->src.family);
	/* of a socket, the port is all that there is */
	if (!c.role && !c.forward)
		fprintf(out, " %u %u", d->sport, d->dport);
	if (g->by_address) {
		fwrite(d->src.addr, 1, sizeof(d->src.addr), out);
		fwrite(d->dst.addr, 1, sizeof(d->dst.addr), out);
	}
	buffer_close(out);
	return key;
}

/* The place in the index: of the group with this key, or where it belongs. */
static size_t *find_slot(const struct explain_groups *g, const char *key)
{
	size_t i = hash_text(key) % g->index_size;

	while (g->index[i] && strcmp(g->v[g->index[i] - 1].key, key))
		i = (i + 1) % g->index_size;
	return &g->index[i];
}

/* The index is at most half full. */
static void grow_index(struct explain_groups *g)
{
	size_t i;

	if (2 * (g->n + 1) <= g->index_size)
		return;
	free(g->index);
	g->index_size = g->index_size ? 2 * g->index_size : 64;
	g->index = alloc_zeroed(g->index_size, sizeof(*g->index));
	for (i = 0; i < g->n; i++)
		*find_slot(g, g->v[i].key) = i + 1;
}

static void add_program(struct explain_group *group, const char *comm)
{
	size_t i;

	if (!comm)
		return;
	for (i = 0; i < group->n_programs; i++)
		if (!strcmp(group->programs[i], comm))
			return;
	if (group->n_programs < EXPLAIN_PROGRAMS)
		group->programs[group->n_programs++] = alloc_copy(comm);
}

static struct explain_group *find_group(struct explain_groups *g, char *key)
{
	struct explain_group *group;
	size_t *slot;

	grow_index(g);
	slot = find_slot(g, key);
	if (*slot) {
		free(key);
		return &g->v[*slot - 1];
	}
	if (g->n == EXPLAIN_GROUPS_MAX) {
		free(key);
		return NULL;
	}
	g->v = alloc_one_more(g->v, g->n, sizeof(*g->v));
	group = &g->v[g->n++];
	*group = (struct explain_group){ .key = key };
	*slot = g->n;
	return group;
}

void explain_groups_add(struct explain_groups *g, const struct denial *d)
{
	struct explain_group *group = find_group(g, key_of(g, d));

	g->records += d->count;
	if (!group) {
		g->dropped += d->count;
		return;
	}
	if (d->time && (!group->first || d->time < group->first))
		group->first = d->time;
	group->position = g->records;
	group->count += d->count;
	add_program(group, d->comm);
	/* logs are not always in order */
	if (group->last.store && d->time && d->time < group->last.time)
		return;
	denial_free(&group->last);
	denial_copy(&group->last, d);
}

static int by_time(const void *x, const void *y)
{
	const struct explain_group *a = x, *b = y;

	if (a->last.time && b->last.time && a->last.time != b->last.time)
		return a->last.time < b->last.time ? -1 : 1;
	return a->position < b->position ? -1 : a->position > b->position;
}

void explain_groups_sort(struct explain_groups *g)
{
	if (g->n)
		qsort(g->v, g->n, sizeof(*g->v), by_time);
	/* its numbers are those of before */
	free(g->index);
	g->index = NULL;
	g->index_size = 0;
}

/* The other programs of the group; for packets that are received, nobody believes the names. */
static void add_programs(const struct explain_group *group, struct explanation *e)
{
	bool any = false, believed = false;
	char *text;
	size_t len, i;
	FILE *out;

	for (i = 0; i < e->n; i++)
		believed |= !strcmp(e->notes[i].id, "program");
	if (!believed)
		return;
	out = buffer_open(&text, &len);
	for (i = 0; i < group->n_programs; i++) {
		if (!strcmp(group->programs[i], group->last.comm ? group->last.comm : ""))
			continue;
		fprintf(out, "%s\"%s\"", any ? ", " : "Others of these records name ",
			group->programs[i]);
		any = true;
	}
	fprintf(out, "%s.", group->n_programs == EXPLAIN_PROGRAMS ? ", and maybe more" : "");
	buffer_close(out);
	if (any)
		explanation_add(e, EXPLAIN_WHO, "other-programs", text);
	else
		free(text);
}

void explain_group(const struct explain_world *w, const struct explain_group *group,
		   struct explanation *e)
{
	explain(w, &group->last, e);
	add_programs(group, e);
}

void explain_groups_free(struct explain_groups *g)
{
	size_t i, k;

	for (i = 0; i < g->n; i++) {
		for (k = 0; k < g->v[i].n_programs; k++)
			free(g->v[i].programs[k]);
		denial_free(&g->v[i].last);
		free(g->v[i].key);
	}
	free(g->v);
	free(g->index);
	*g = (struct explain_groups){ .v = NULL };
}
