// SPDX-License-Identifier: GPL-2.0-only
#include "dump/replies.h"

#include <stdlib.h>
#include <string.h>

#include "dump/rule_match.h"
#include "util/alloc.h"

struct reply_rule {
	uint64_t hash;
	struct dump_action action;
};

struct replies {
	struct reply_rule *v;
	size_t n;
	bool sorted;
};

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

void replies_add(struct replies **r, const struct dump *dump, const struct dump_rule *rule)
{
	struct reply_rule *e;

	if (!*r)
		*r = alloc_zeroed(1, sizeof(**r));
	(*r)->v = alloc_one_more((*r)->v, (*r)->n, sizeof(*(*r)->v));
	e = &(*r)->v[(*r)->n++];
	dump_match_read(dump, rule, &e->action);
	e->hash = dump_match_hash(&e->action.match);
	(*r)->sorted = false;
}

static int by_hash(const void *va, const void *vb)
{
	const struct reply_rule *a = va, *b = vb;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static size_t first_with_hash(const struct replies *r, uint64_t hash)
{
	size_t lo = 0, hi = r->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (r->v[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool replies_have(struct replies *r, const struct dump_action *action)
{
	const struct dump_match *m = &action->match;
	const struct dump_action *other;
	uint64_t hash;
	size_t i;

	if (!r || !action->target)
		return false;
	if (!r->sorted)
		qsort(r->v, r->n, sizeof(*r->v), by_hash);
	r->sorted = true;
	hash = dump_match_hash_back(m);
	for (i = first_with_hash(r, hash); i < r->n && r->v[i].hash == hash; i++) {
		other = &r->v[i].action;
		if (dump_match_replies(m, &other->match) &&
		    same_text(action->target, other->target) &&
		    same_text(action->selctx, other->selctx) &&
		    same_text(action->seltype, other->seltype))
			return true;
	}
	return false;
}

void replies_free(struct replies *r)
{
	size_t i;

	for (i = 0; r && i < r->n; i++)
		dump_match_free(&r->v[i].action.match);
	if (r)
		free(r->v);
	free(r);
}
