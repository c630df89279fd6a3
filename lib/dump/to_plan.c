// SPDX-License-Identifier: GPL-2.0-only
#include "dump/to_plan.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump/chain_walk.h"
#include "dump/iptables_save.h"
#include "dump/replies.h"
#include "dump/rule_match.h"
#include "dump/way.h"
#include "packet/proto.h"
#include "plan/plan.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/diag.h"

static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
#define FAMILIES (sizeof(families) / sizeof(families[0]))

/* The lines of the plan. */
struct plan_lines {
	FILE *out;
	struct pos *origins; /* of each line: the label in the dump */
	size_t n;
};

static void print_plan_line(const struct walk_label *label, enum side side, bool last,
			    struct plan_lines *lines)
{
	lines->origins = alloc_one_more(lines->origins, lines->n, sizeof(*lines->origins));
	lines->origins[lines->n++] = label->pos;
	if (last && dump_match_all(&label->match)) {
		fprintf(lines->out, "default %s %s\n", plan_side_name(side), label->text);
		return;
	}
	fprintf(lines->out, "%s %s ", plan_side_name(side), label->text);
	dump_match_print(&label->match, side, lines->out);
	fputc('\n', lines->out);
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
			 bool restricted, struct plan_lines *lines)
{
	size_t i;

	for (i = from; i < to; i++) {
		if (restricted)
			restrict_family(&labels->v[i].match);
		print_plan_line(&labels->v[i], side, i + 1 == labels->n, lines);
	}
}

/* Lines that both families have in common at the beginning and at the end are printed once. */
static void print_both(struct walk_labels *a, struct walk_labels *b, enum side side,
		       bool restricted, struct plan_lines *lines)
{
	size_t head = 0, tail = 0;

	while (head < a->n && head < b->n && is_same(&a->v[head], &b->v[head]))
		head++;
	while (tail < a->n - head && tail < b->n - head &&
	       is_same(&a->v[a->n - 1 - tail], &b->v[b->n - 1 - tail]))
		tail++;
	print_labels(a, 0, head, side, false, lines);
	print_labels(a, head, a->n - tail, side, restricted, lines);
	print_labels(b, head, b->n - tail, side, restricted, lines);
	print_labels(a, a->n - tail, a->n, side, false, lines);
}

/* Returns whether there is a line. */
static bool convert_way(struct walk_rule *v, size_t n, enum side side, bool restricted,
			struct plan_lines *lines, struct diag *diag)
{
	struct walk_labels labels[FAMILIES];
	bool any = false;
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		replies_mark(v, n, side, families[i]);
		labels[i] = way_walk(v, n, side, families[i], WALK_BEGIN, diag);
		any = any || labels[i].n;
	}
	print_labels(&labels[0], 0, labels[0].n, side, false, lines);
	print_both(&labels[1], &labels[2], side, restricted, lines);
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
static bool convert_ways(struct walk_rule *v, size_t n, bool restricted, struct plan_lines *lines,
			 struct diag *diag)
{
	static const enum side sides[] = { SIDE_SERVER, SIDE_CLIENT, SIDE_FORWARD };
	bool forward = false;
	size_t i;

	for (i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
		if (convert_way(v, n, sides[i], restricted, lines, diag))
			forward = forward || sides[i] == SIDE_FORWARD;
	return forward;
}

/* A dump can have what no plan can have. Such errors are at the rules: nobody sees the lines that
 * were made of them. */
static void check_plan_lines(const char *text, size_t head, const struct plan_lines *lines,
			     const struct dump *first, struct diag *diag)
{
	struct diag found = { 0 };
	struct plan plan;
	struct pos pos;
	size_t i, line;

	plan_parse(first->file, text, strlen(text), &plan, &found);
	for (i = 0; i < found.n; i++) {
		line = found.v[i].pos.line;
		pos = line > head && line - head <= lines->n ? lines->origins[line - head - 1] :
							       (struct pos){ .file = first->file };
		pos.col = 0;
		if (found.v[i].severity == DIAG_ERROR)
			diag_add(diag, DIAG_ERROR, pos, found.v[i].text, found.v[i].hint, "%s",
				 found.v[i].what);
	}
	plan_free(&plan);
	diag_free(&found);
}

static bool any_repeats(const struct walk_rule *v, size_t n)
{
	size_t i;

	for (i = 0; i < n && !v[i].repeats; i++)
		;
	return i < n;
}

/* Returns how many lines it has printed. */
static size_t print_head(const struct walk_rule *v, size_t n, bool mangle, FILE *out)
{
	fprintf(out, "table %s\n", mangle ? "mangle" : "security");
	if (!any_repeats(v, n))
		return 1;
	fputs("# Rules by source port have no line: they repeat for replies what is\n"
	      "# said of the first packet, and a connection keeps its label.\n",
	      out);
	return 3;
}

char *dump_to_plan(const struct dump *dumps, size_t n_dumps, struct diag *diag)
{
	const struct walk_rule *mangle, *security;
	struct plan_lines lines = { 0 };
	bool ipv4, ipv6, forward;
	char *text, *body;
	size_t len, n, head;
	struct walk_rule *v = collect_rules(dumps, n_dumps, &n);
	FILE *out = buffer_open(&text, &len);

	ipv4 = rules_have_family(v, n, AF_INET);
	ipv6 = rules_have_family(v, n, AF_INET6);
	mangle = find_label(v, n, "mangle");
	security = find_label(v, n, "security");
	lines.out = buffer_open(&body, &len);
	forward = convert_ways(v, n, ipv4 && ipv6, &lines, diag);
	buffer_close(lines.out);
	/* with forward lines, all rules of a plan are there (plan_is_in_mangle()) */
	head = print_head(v, n, forward || (mangle && !security), out);
	fputs(body, out);
	buffer_close(out);
	check_plan_lines(text, head, &lines, &dumps[0], diag);
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
	free(lines.origins);
	free(body);
	free(v);
	return text;
}
