// SPDX-License-Identifier: GPL-2.0-only
#include "dump/way.h"

#include <stdlib.h>
#include <string.h>

#include "dump/match.h"
#include "util/alloc.h"

struct step {
	const char *table;
	struct walk_hook hook;
};

/* The chains that the packets of a side pass, in their order. The last label stays. */
static const struct way {
	struct step steps[4];
} ways[SIDES] = {
	[SIDE_SERVER] = { { { "mangle", { "PREROUTING", SIDE_SERVER, true, false } },
			    { "mangle", { "INPUT", SIDE_SERVER, true, false } },
			    { "security", { "INPUT", SIDE_SERVER, true, false } } } },
	[SIDE_CLIENT] = { { { "mangle", { "OUTPUT", SIDE_CLIENT, false, true } },
			    { "security", { "OUTPUT", SIDE_CLIENT, false, true } },
			    { "mangle", { "POSTROUTING", SIDE_CLIENT, false, true } } } },
	[SIDE_FORWARD] = { { { "mangle", { "PREROUTING", SIDE_FORWARD, true, false } },
			     { "mangle", { "FORWARD", SIDE_FORWARD, true, true } },
			     { "security", { "FORWARD", SIDE_FORWARD, true, true } },
			     { "mangle", { "POSTROUTING", SIDE_FORWARD, false, true } } } },
};

#define STEPS (sizeof(ways[0].steps) / sizeof(ways[0].steps[0]))

/* No line can follow a label for all flows. */
static void cut_after_all(struct walk_labels *labels)
{
	size_t i;

	for (i = 0; i < labels->n; i++)
		if (dump_match_all(&labels->v[i].match))
			break;
	while (labels->n > i + 1)
		walk_drop_last(labels);
}

struct ranked {
	uint64_t hash; /* of the match */
	size_t i;      /* of the label */
};

static int by_hash_and_rank(const void *va, const void *vb)
{
	const struct ranked *a = va, *b = vb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->i > b->i) - (a->i < b->i);
}

/* A label does not count if another one with the same match comes first: the same rule can be in
 * several hooks. */
static void drop_repeated_matches(struct walk_labels *labels)
{
	struct ranked *v = alloc_zeroed(labels->n + 1, sizeof(*v));
	bool *repeated = alloc_zeroed(labels->n + 1, sizeof(*repeated));
	size_t i, first = 0, kept = 0;

	for (i = 0; i < labels->n; i++)
		v[i] = (struct ranked){ dump_match_hash(&labels->v[i].match), i };
	qsort(v, labels->n, sizeof(*v), by_hash_and_rank);
	for (i = 1; i < labels->n; i++) {
		if (v[i].hash != v[first].hash)
			first = i;
		else
			repeated[v[i].i] = dump_match_same(&labels->v[v[i].i].match,
							   &labels->v[v[first].i].match);
	}
	for (i = 0; i < labels->n; i++) {
		if (repeated[i])
			dump_match_free(&labels->v[i].match);
		else
			labels->v[kept++] = labels->v[i];
	}
	labels->n = kept;
	free(repeated);
	free(v);
}

struct walk_labels way_walk(struct walk_rule *v, size_t n, enum side side, int family,
			    enum walk_mode mode, struct diag *diag)
{
	const struct way *way = &ways[side];
	struct walk_labels all = { 0 }, labels;
	size_t step, i;

	for (step = STEPS; step-- > 0;) {
		if (!way->steps[step].table)
			continue;
		labels = walk(v, n, way->steps[step].table, family, &way->steps[step].hook, mode,
			      diag);
		for (i = 0; i < labels.n; i++) {
			all.v = alloc_one_more(all.v, all.n, sizeof(*all.v));
			all.v[all.n++] = labels.v[i];
		}
		free(labels.v);
	}
	/* of replies, each rule must be compared */
	if (mode == WALK_REPLIES)
		return all;
	drop_repeated_matches(&all);
	cut_after_all(&all);
	return all;
}
