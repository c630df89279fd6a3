// SPDX-License-Identifier: GPL-2.0-only
#include "dump/replies.h"

#include <stdlib.h>
#include <string.h>

#include "dump/iptables_save.h"
#include "dump/match_index.h"
#include "dump/rule_match.h"
#include "dump/way.h"
#include "util/alloc.h"
#include "util/diag.h"

/* How many labels one label is compared with, at the most */
#define NEAR_MAX 200

/* A rule of the other hook */
struct reply_rule {
	uint64_t hash;
	const struct walk_rule *e;
	struct dump_action action;
};

struct reply_rules {
	struct reply_rule *v;
	size_t n;
};

/* Labels, the first of which counts */
struct reply_labels {
	struct walk_labels labels;
	struct match_index *index;
};

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool has_sources(const struct dump_rule *rule)
{
	static const char *const names[] = { "--sport", "--sports", "--source-port",
					     "--source-ports" };
	size_t i, k;

	for (i = 0; i < rule->n; i++)
		for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (!strcmp(rule->v[i].text, names[k]))
				return true;
	return false;
}

/* Is it a rule of this hook, in one of the tables that label? */
static bool is_of_hook(const struct walk_rule *e, int family, const char *chain)
{
	return e->rule->family == family && !strcmp(e->rule->chain, chain) &&
	       walk_is_one_of(e->rule->table, "mangle", "security") &&
	       !strcmp(e->rule->command, "-A");
}

static bool is_by_source(const struct walk_rule *e)
{
	struct dump_action action;
	bool ret;

	if (!has_sources(e->rule))
		return false;
	dump_match_read(e->dump, e->rule, &action);
	ret = action.match.sources.n && !action.match.ports.n && action.problems == 1;
	dump_match_free(&action.match);
	return ret;
}

static struct reply_labels index_labels(struct walk_labels labels)
{
	struct reply_labels x = { labels, match_index_new() };
	size_t i;

	for (i = 0; i < labels.n; i++)
		match_index_add(x.index, &labels.v[i].match);
	return x;
}

static void reply_labels_free(struct reply_labels *x)
{
	match_index_free(x->index);
	walk_labels_free(&x->labels);
}

/* Finds the labels that some of these packets get. Returns false if they are too many. */
static bool find_near(const struct reply_labels *x, const struct dump_match *match,
		      const size_t **numbers, size_t *n)
{
	*n = match_index_find(x->index, match, NEAR_MAX + 1, numbers);
	return *n <= NEAR_MAX && !match_index_is_spent(x->index);
}

/* Takes the packets away that a later rule labels. If no match can say the others, they stay. */
static bool take_replaced(const struct reply_labels *back, size_t number, struct dump_match *match)
{
	const struct walk_label *l;
	const size_t *numbers;
	size_t n, i;

	if (!find_near(back, match, &numbers, &n))
		return false;
	for (i = 0; i < n && numbers[i] < number && !match->never; i++) {
		l = &back->labels.v[numbers[i]];
		if (!l->wide)
			dump_match_minus(match, &l->match);
	}
	return true;
}

/* Do all these packets have this label in the end? */
static bool all_have(const struct reply_labels *begin, struct dump_match *match, const char *text)
{
	const struct walk_label *l;
	const size_t *numbers;
	size_t n, i;

	if (!find_near(begin, match, &numbers, &n))
		return false;
	for (i = 0; i < n && !match->never; i++) {
		l = &begin->labels.v[numbers[i]];
		if (dump_match_apart(match, &l->match))
			continue;
		if (strcmp(l->text, text))
			return false;
		dump_match_minus(match, &l->match);
	}
	return match->never;
}

static bool is_repeated(const struct reply_labels *begin, const struct reply_labels *back,
			size_t number)
{
	struct dump_match match;
	bool ret;

	dump_match_copy(&match, &back->labels.v[number].match);
	ret = take_replaced(back, number, &match) &&
	      all_have(begin, &match, back->labels.v[number].text);
	dump_match_free(&match);
	return ret;
}

/* Compares what the hooks of a side say of replies with what the others say of the packets that
 * they answer. */
static void compare_labels(struct walk_rule *v, size_t n, enum side side, enum side other,
			   int family)
{
	struct diag ignored = { 0 };
	struct reply_labels begin, back;
	struct walk_rule *top;
	size_t i;

	begin = index_labels(way_walk(v, n, other, family, WALK_QUIET, &ignored));
	back = index_labels(way_walk(v, n, side, family, WALK_REPLIES, &ignored));
	for (i = 0; i < back.labels.n; i++) {
		top = back.labels.v[i].top;
		if (top->by_source && !top->bad_replies && !is_repeated(&begin, &back, i))
			top->bad_replies = true;
	}
	reply_labels_free(&begin);
	reply_labels_free(&back);
	diag_free(&ignored);
}

static int by_hash(const void *va, const void *vb)
{
	const struct reply_rule *a = va, *b = vb;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static struct reply_rules collect_rules_of(const struct walk_rule *v, size_t n, int family,
					   const char *chain)
{
	struct reply_rules rules = { 0 };
	struct reply_rule *r;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!is_of_hook(&v[i], family, chain))
			continue;
		rules.v = alloc_one_more(rules.v, rules.n, sizeof(*rules.v));
		r = &rules.v[rules.n++];
		r->e = &v[i];
		dump_match_read(r->e->dump, r->e->rule, &r->action);
		r->hash = dump_match_hash(&r->action.match);
	}
	if (rules.n)
		qsort(rules.v, rules.n, sizeof(*rules.v), by_hash);
	return rules;
}

static size_t first_with_hash(const struct reply_rules *rules, uint64_t hash)
{
	size_t lo = 0, hi = rules->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (rules->v[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Does one of the rules do the same with the packets that the replies answer? */
static bool has_same(const struct reply_rules *rules, const struct walk_rule *e)
{
	const struct dump_action *other;
	struct dump_action action;
	bool found = false;
	uint64_t hash;
	size_t i;

	dump_match_read(e->dump, e->rule, &action);
	hash = dump_match_hash_back(&action.match);
	for (i = first_with_hash(rules, hash);
	     i < rules->n && rules->v[i].hash == hash && action.target && !found; i++) {
		other = &rules->v[i].action;
		found = !strcmp(rules->v[i].e->rule->table, e->rule->table) &&
			dump_match_replies(&action.match, &other->match) &&
			same_text(action.target, other->target) && action.go == other->go &&
			same_text(action.selctx, other->selctx) &&
			same_text(action.seltype, other->seltype);
	}
	dump_match_free(&action.match);
	return found;
}

static void compare_rules(struct walk_rule *v, size_t n, int family, const char *chain)
{
	struct reply_rules rules = collect_rules_of(v, n, family, chain);
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].by_source && v[i].rule->family == family &&
		    strcmp(v[i].rule->chain, chain) != 0)
			v[i].repeats = !v[i].bad_replies &&
				       (v[i].labels_replies || has_same(&rules, &v[i]));
	for (i = 0; i < rules.n; i++)
		dump_match_free(&rules.v[i].action.match);
	free(rules.v);
}

void replies_mark(struct walk_rule *v, size_t n, enum side side, int family)
{
	const char *chain = side == SIDE_SERVER ? "INPUT" : "OUTPUT";
	bool server = side == SIDE_SERVER, any = false;
	size_t i;

	if (side == SIDE_FORWARD)
		return;
	/* rules of the other hook count as well: what is by source is no first packet */
	for (i = 0; i < n; i++) {
		if (!is_of_hook(&v[i], family, "INPUT") && !is_of_hook(&v[i], family, "OUTPUT"))
			continue;
		v[i].by_source = is_by_source(&v[i]);
		any = any || (v[i].by_source && !strcmp(v[i].rule->chain, chain));
	}
	if (!any)
		return;
	compare_labels(v, n, side, server ? SIDE_CLIENT : SIDE_SERVER, family);
	compare_rules(v, n, family, server ? "OUTPUT" : "INPUT");
}
