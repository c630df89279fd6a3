// SPDX-License-Identifier: GPL-2.0-only
#include "dump/to_plan.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump/chain_walk.h"
#include "dump/iptables_save.h"
#include "dump/rule_match.h"
#include "packet/proto.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/diag.h"

struct step {
	const char *table;
	struct walk_hook hook;
};

/* The chains that the packets of a side pass, in their order. The last label stays. */
static const struct way {
	enum side side;
	struct step steps[4];
} ways[] = {
	{ SIDE_SERVER,
	  { { "mangle", { "PREROUTING", SIDE_SERVER, true, false } },
	    { "mangle", { "INPUT", SIDE_SERVER, true, false } },
	    { "security", { "INPUT", SIDE_SERVER, true, false } } } },
	{ SIDE_CLIENT,
	  { { "mangle", { "OUTPUT", SIDE_CLIENT, false, true } },
	    { "security", { "OUTPUT", SIDE_CLIENT, false, true } },
	    { "mangle", { "POSTROUTING", SIDE_CLIENT, false, true } } } },
	{ SIDE_FORWARD,
	  { { "mangle", { "PREROUTING", SIDE_FORWARD, true, false } },
	    { "mangle", { "FORWARD", SIDE_FORWARD, true, true } },
	    { "security", { "FORWARD", SIDE_FORWARD, true, true } },
	    { "mangle", { "POSTROUTING", SIDE_FORWARD, false, true } } } },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))
#define STEPS (sizeof(ways[0].steps) / sizeof(ways[0].steps[0]))

static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
#define FAMILIES (sizeof(families) / sizeof(families[0]))

static void print_plan_line(const struct walk_label *label, enum side side, bool last, FILE *out)
{
	if (last && dump_match_all(&label->match)) {
		fprintf(out, "default %s %s\n", plan_side_name(side), label->text);
		return;
	}
	fprintf(out, "%s %s ", plan_side_name(side), label->text);
	dump_match_print(&label->match, side, out);
	fputc('\n', out);
}

/* Limits a line to one family. */
static void restrict_family(struct dump_match *m)
{
	const struct net all = { .family = m->family };

	/* icmp is IPv4 only */
	if (proto_get(m->proto)->family == m->family)
		return;
	if (!m->from.n)
		match_nets_add(&m->from, &all);
	else if (m->from.negated && !m->to.n)
		match_nets_add(&m->to, &all);
	else if (m->from.negated && m->to.negated)
		m->from.own_family = true;
}

static bool is_same(const struct walk_label *a, const struct walk_label *b)
{
	struct dump_match x = a->match, y = b->match;

	x.family = y.family = AF_UNSPEC;
	return !strcmp(a->text, b->text) && dump_match_same(&x, &y);
}

static void print_labels(struct walk_labels *labels, size_t from, size_t to, enum side side,
			 bool restricted, FILE *out)
{
	size_t i;

	for (i = from; i < to; i++) {
		if (restricted)
			restrict_family(&labels->v[i].match);
		print_plan_line(&labels->v[i], side, i + 1 == labels->n, out);
	}
}

/* Lines that both families have in common at the beginning and at the end are printed once. */
static void print_both(struct walk_labels *a, struct walk_labels *b, enum side side,
		       bool restricted, FILE *out)
{
	size_t head = 0, tail = 0;

	while (head < a->n && head < b->n && is_same(&a->v[head], &b->v[head]))
		head++;
	while (tail < a->n - head && tail < b->n - head &&
	       is_same(&a->v[a->n - 1 - tail], &b->v[b->n - 1 - tail]))
		tail++;
	print_labels(a, 0, head, side, false, out);
	print_labels(a, head, a->n - tail, side, restricted, out);
	print_labels(b, head, b->n - tail, side, restricted, out);
	print_labels(a, a->n - tail, a->n, side, false, out);
}

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

/* The labels of all chains of a way. What the last chain says comes first in a plan. */
static struct walk_labels walk_way(struct walk_rule *v, size_t n, const struct way *way, int family,
				   struct diag *diag)
{
	struct walk_labels all = { 0 }, labels;
	size_t step, i;

	for (step = STEPS; step-- > 0;) {
		if (!way->steps[step].table)
			continue;
		labels = walk(v, n, way->steps[step].table, family, &way->steps[step].hook, diag);
		for (i = 0; i < labels.n; i++) {
			all.v = alloc_one_more(all.v, all.n, sizeof(*all.v));
			all.v[all.n++] = labels.v[i];
		}
		free(labels.v);
	}
	drop_repeated_matches(&all);
	cut_after_all(&all);
	return all;
}

/* Returns whether there is a line. */
static bool convert_way(struct walk_rule *v, size_t n, const struct way *way, bool restricted,
			FILE *out, struct diag *diag)
{
	struct walk_labels labels[FAMILIES];
	bool any = false;
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		labels[i] = walk_way(v, n, way, families[i], diag);
		any = any || labels[i].n;
	}
	print_labels(&labels[0], 0, labels[0].n, way->side, false, out);
	print_both(&labels[1], &labels[2], way->side, restricted, out);
	for (i = 0; i < FAMILIES; i++)
		walk_labels_free(&labels[i]);
	return any;
}

static bool gives_label(const struct walk_rule *e, const char *table)
{
	size_t i;

	for (i = 0; i + 1 < e->rule->n && !strcmp(e->rule->table, table); i++)
		if (walk_is_one_of(e->rule->v[i].text, "-j", "--jump") &&
		    walk_is_one_of(e->rule->v[i + 1].text, "SECMARK", "SECMARK2"))
			return true;
	return false;
}

static const struct walk_rule *find_label(const struct walk_rule *v, size_t n, const char *table)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (gives_label(&v[i], table))
			return &v[i];
	return NULL;
}

static void warn_of_both_tables(const struct walk_rule *mangle, struct diag *diag)
{
	diag_add(diag, DIAG_WARNING, dump_pos(mangle->dump, mangle->rule, NULL), "mangle",
		 "where both label a packet, the label of security stays: it is the later table",
		 "two tables have label rules");
}

static void warn_unseen(const struct walk_rule *v, size_t n, struct diag *diag)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((!v[i].seen || (v[i].hidden && !v[i].labels)) &&
		    (gives_label(&v[i], "mangle") || gives_label(&v[i], "security")))
			diag_add(diag, DIAG_WARNING, dump_pos(v[i].dump, v[i].rule, NULL),
				 v[i].rule->chain, NULL, "no packet reaches this rule");
}

static struct walk_rule *collect_rules(const struct dump *dumps, size_t n_dumps, size_t *n)
{
	struct walk_rule *v = NULL;
	size_t i, k;

	for (*n = i = 0; i < n_dumps; i++) {
		for (k = 0; k < dumps[i].n; k++) {
			v = alloc_one_more(v, *n, sizeof(*v));
			v[*n] = (struct walk_rule){ .dump = &dumps[i],
						    .rule = &dumps[i].rules[k],
						    .number = *n };
			++*n;
		}
	}
	walk_sort(v, *n);
	return v;
}

static bool rules_have_family(const struct walk_rule *v, size_t n, int family)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].rule->family == family)
			return true;
	return false;
}

static void warn_of_families(const struct dump *dump, bool ipv4, bool ipv6, struct diag *diag)
{
	if (ipv4 != ipv6)
		diag_add(diag, DIAG_WARNING, (struct pos){ .file = dump->file }, NULL,
			 ipv4 ? "also give the dump of ip6tables-save" :
				"also give the dump of iptables-save",
			 "the rules are for %s only, but the plan's lines are for both families",
			 ipv4 ? "IPv4" : "IPv6");
}

/* Returns whether there are forward lines. */
static bool convert_ways(struct walk_rule *v, size_t n, bool restricted, char **lines,
			 struct diag *diag)
{
	bool forward = false;
	size_t len, i;
	FILE *out = buffer_open(lines, &len);

	for (i = 0; i < WAYS; i++)
		if (convert_way(v, n, &ways[i], restricted, out, diag))
			forward = forward || ways[i].side == SIDE_FORWARD;
	buffer_close(out);
	return forward;
}

char *dump_to_plan(const struct dump *dumps, size_t n_dumps, struct diag *diag)
{
	const struct walk_rule *mangle, *security;
	bool ipv4, ipv6, forward;
	char *text, *lines;
	size_t len, n;
	struct walk_rule *v = collect_rules(dumps, n_dumps, &n);
	FILE *out = buffer_open(&text, &len);

	ipv4 = rules_have_family(v, n, AF_INET);
	ipv6 = rules_have_family(v, n, AF_INET6);
	mangle = find_label(v, n, "mangle");
	security = find_label(v, n, "security");
	forward = convert_ways(v, n, ipv4 && ipv6, &lines, diag);
	/* with forward lines, all rules of a plan are there (plan_is_in_mangle()) */
	fprintf(out, "table %s\n%s", forward || (mangle && !security) ? "mangle" : "security",
		lines);
	free(lines);
	warn_unseen(v, n, diag);
	if (mangle && security)
		warn_of_both_tables(mangle, diag);
	if (mangle || security)
		warn_of_families(&dumps[0], ipv4, ipv6, diag);
	else if (!diag->errors)
		diag_add(diag, DIAG_WARNING, (struct pos){ .file = dumps[0].file }, NULL, NULL,
			 "no rule gives a label");
	diag_sort(diag);
	diag_drop_repeats(diag);
	buffer_close(out);
	free(v);
	return text;
}
