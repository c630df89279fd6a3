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

static const struct walk_hook hooks[] = {
	{ "INPUT", SIDE_SERVER, true, false },   { "OUTPUT", SIDE_CLIENT, false, true },
	{ "FORWARD", SIDE_FORWARD, true, true }, { "PREROUTING", SIDES, true, false },
	{ "POSTROUTING", SIDES, false, true },
};

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

static void convert_hook(struct walk_rule *v, size_t n, const char *table,
			 const struct walk_hook *hook, bool restricted, FILE *out,
			 struct diag *diag)
{
	struct walk_labels labels[FAMILIES];
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		labels[i] = walk(v, n, table, families[i], hook, diag);
		cut_after_all(&labels[i]);
	}
	print_labels(&labels[0], 0, labels[0].n, hook->side, false, out);
	print_both(&labels[1], &labels[2], hook->side, restricted, out);
	for (i = 0; i < FAMILIES; i++)
		walk_labels_free(&labels[i]);
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

/* The later table gives the label that stays. */
static const char *choose_table(const struct walk_rule *v, size_t n, struct diag *diag)
{
	const struct walk_rule *mangle = find_label(v, n, "mangle");

	if (!mangle || !find_label(v, n, "security"))
		return mangle ? "mangle" : "security";
	diag_add(diag, DIAG_ERROR, dump_pos(mangle->dump, mangle->rule, NULL), "mangle",
		 "only those in security, the later table, are converted",
		 "two tables have label rules");
	return "security";
}

static void warn_unseen(const struct walk_rule *v, size_t n, const char *table, struct diag *diag)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((!v[i].seen || (v[i].hidden && !v[i].labels)) && gives_label(&v[i], table))
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

char *dump_to_plan(const struct dump *dumps, size_t n_dumps, struct diag *diag)
{
	const char *table;
	bool ipv4, ipv6;
	char *text = NULL;
	size_t len, n, i;
	struct walk_rule *v = collect_rules(dumps, n_dumps, &n);
	FILE *out = buffer_open(&text, &len);

	ipv4 = rules_have_family(v, n, AF_INET);
	ipv6 = rules_have_family(v, n, AF_INET6);
	table = choose_table(v, n, diag);
	fprintf(out, "table %s\n", table);
	for (i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		convert_hook(v, n, table, &hooks[i], ipv4 && ipv6, out, diag);
	warn_unseen(v, n, table, diag);
	if (!find_label(v, n, table) && !diag->errors)
		diag_add(diag, DIAG_WARNING, (struct pos){ .file = dumps[0].file }, NULL, NULL,
			 "no rule gives a label");
	else if (find_label(v, n, table) && ipv4 != ipv6)
		diag_add(diag, DIAG_WARNING, (struct pos){ .file = dumps[0].file }, NULL,
			 ipv4 ? "also give the dump of ip6tables-save" :
				"also give the dump of iptables-save",
			 "the rules are for %s only, but the plan's lines are for both families",
			 ipv4 ? "IPv4" : "IPv6");
	diag_sort(diag);
	diag_drop_repeats(diag);
	buffer_close(out);
	free(v);
	return text;
}
