// SPDX-License-Identifier: GPL-2.0-only
/* show: print the loaded plan, and count the connections of each label */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/check.h"
#include "args.h"
#include "base/err.h"
#include "host/connection_counts.h"
#include "host/conntrack.h"
#include "host/running_policy.h"
#include "load/state.h"
#include "plan/plan.h"
#include "policy_option.h"
#include "print.h"
#include "selinux/oracle.h"
#include "util/alloc.h"
#include "util/diag.h"
#include "util/json.h"

enum { JSON };

static const struct cmd_option options[] = {
	[JSON] = { "json", NULL, "print it as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

/* The loaded plan, with its contexts in the running policy. */
struct shown {
	struct load_state record;
	struct plan plan;
	bool contexts_known;
	struct connection_counts uses;
};

static json_t *show_plan_name(const struct load_state *r)
{
	return text_to_json(r->plan_name);
}

static json_t *backend_of(const struct load_state *r)
{
	return text_to_json(r->backend);
}

static json_t *loaded_of(const struct load_state *r)
{
	char text[64];
	struct tm tm;

	if (!gmtime_r(&r->loaded_at, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return json_null();
	return json_string(text);
}

/* The facts above the table, for people and for scripts. */
static const struct fact {
	const char *name;
	json_t *(*value)(const struct load_state *r);
} facts[] = {
	{ "plan", show_plan_name },
	{ "backend", backend_of },
	{ "loaded", loaded_of },
};

#define FACTS (sizeof(facts) / sizeof(facts[0]))

static json_t *show_label(const struct shown *s, const struct connection_count *use)
{
	(void)s;
	return text_to_json(use->context);
}

static json_t *show_planned(const struct shown *s, const struct connection_count *use)
{
	if (use->planned)
		return json_true();
	return s->contexts_known || !use->context ? json_false() : json_null();
}

static json_t *connections_of(const struct shown *s, const struct connection_count *use)
{
	(void)s;
	return json_integer(use->connections);
}

static json_t *counted_of(const struct shown *s, const struct connection_count *use)
{
	(void)s;
	return json_integer(use->counted);
}

/* A label without connections has 0 packets, even if nothing is counted. */
static json_t *show_count(const struct connection_count *use, uint64_t value)
{
	return use->connections && !use->counted ? json_null() : json_integer(value);
}

static json_t *packets_of(const struct shown *s, const struct connection_count *use)
{
	(void)s;
	return show_count(use, use->packets);
}

static json_t *show_bytes(const struct shown *s, const struct connection_count *use)
{
	(void)s;
	return show_count(use, use->bytes);
}

/* The columns of the table, and the members of each object. */
static const struct column {
	const char *name, *none; /* none: shown to people for null */
	json_t *(*value)(const struct shown *s, const struct connection_count *use);
} columns[] = {
	{ "label", "unlabeled", show_label },   { "planned", "-", show_planned },
	{ "connections", "-", connections_of }, { "counted", "-", counted_of },
	{ "packets", "-", packets_of },         { "bytes", "-", show_bytes },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static json_t *row_to_json(const struct shown *s, const struct connection_count *use)
{
	json_t *row = json_object();
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		json_object_set_new(row, columns[i].name, columns[i].value(s, use));
	return row;
}

static json_t *rows_to_json(const struct shown *s)
{
	json_t *rows = json_array();
	size_t i;

	for (i = 0; i < s->uses.n; i++)
		json_array_append_new(rows, row_to_json(s, &s->uses.v[i]));
	return rows;
}

static void show_print_object(const struct shown *s, bool counted)
{
	json_t *all = json_object();
	size_t i;

	for (i = 0; i < FACTS; i++)
		json_object_set_new(all, facts[i].name, facts[i].value(&s->record));
	json_object_set_new(all, "text", text_to_json(s->record.plan_text));
	json_object_set_new(all, "labels", counted ? rows_to_json(s) : json_null());
	print_json(all);
}

static void print_cell(const struct column *column, const json_t *value, int width)
{
	char text[32];

	if (json_is_integer(value))
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		snprintf(text, sizeof(text), "%s",
			 json_is_boolean(value) ? json_is_true(value) ? "yes" : "no" :
						  column->none);
	if (column == columns)
		printf("%-*s", width, json_is_string(value) ? json_string_value(value) : text);
	else
		printf("  %*s", width, text);
}

static void show_print_table(const struct shown *s)
{
	int width = strlen(columns[0].none), numbers = 11;
	const struct connection_count *use;
	json_t *value;
	size_t i;

	for (use = s->uses.v; use < s->uses.v + s->uses.n; use++)
		if (use->context && (int)strlen(use->context) > width)
			width = strlen(use->context);
	for (i = 0; i < COLUMNS; i++)
		printf(i ? "  %*s" : "%-*s", i ? numbers : width, columns[i].name);
	putchar('\n');
	for (use = s->uses.v; use < s->uses.v + s->uses.n; use++) {
		for (i = 0; i < COLUMNS; i++) {
			value = columns[i].value(s, use);
			print_cell(&columns[i], value, i ? numbers : width);
			json_decref(value);
		}
		putchar('\n');
	}
}

static void show_print_text(const struct shown *s, bool counted)
{
	const char *text = s->record.plan_text;
	json_t *value;
	size_t i;

	for (i = 0; i < FACTS; i++) {
		value = facts[i].value(&s->record);
		print_line(stdout, "%-9s%s", facts[i].name,
			   json_is_string(value) ? json_string_value(value) : "-");
		json_decref(value);
	}
	putchar('\n');
	print_lines(text);
	puts(*text && text[strlen(text) - 1] != '\n' ? "\n" : "");
	if (counted)
		show_print_table(s);
}

static void explain_counters(const struct connection_counts *uses)
{
	uint64_t uncounted = 0;
	size_t i;

	for (i = 0; i < uses->n; i++)
		uncounted += uses->v[i].connections - uses->v[i].counted;
	print_uncounted(stderr, "secmarkctl: ", conntrack_counts_packets(), uncounted);
}

static int compare_contexts_of_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Gives each label of the plan a row. Sorted labels come at the end of the rows: others would be
 * moved for each. */
static void add_planned_rows(struct shown *s)
{
	const char **contexts = alloc_zeroed(s->plan.n_lines + 1, sizeof(*contexts));
	size_t n = 0, i;

	for (i = 0; i < s->plan.n_lines; i++)
		if (s->plan.lines[i].label.context)
			contexts[n++] = s->plan.lines[i].label.context;
	qsort(contexts, n, sizeof(*contexts), compare_contexts_of_lines);
	for (i = 0; i < n; i++)
		connection_counts_get(&s->uses, contexts[i])->planned = true;
	free(contexts);
}

/* Reads the contexts of the plan's labels. If they are unknown, only the labels of connections are
 * shown. */
static void show_read_plan(struct shown *s)
{
	struct diag diag = { 0 };
	struct check check = { .diag = &diag };

	if (plan_parse(s->record.plan_name, s->record.plan_text, strlen(s->record.plan_text),
		       &s->plan, &diag)) {
		print_diag(&diag);
	} else if ((check.oracle = policy_open(NULL))) {
		/* a type that the policy lost has no row */
		check_plan(&check, &s->plan);
		s->contexts_known = !check.unknown;
		if (check.unknown)
			fprintf(stderr,
				"secmarkctl: the contexts of the plan's types are unknown (%s)\n",
				running_policy_excuse(check.why_unknown));
	}
	add_planned_rows(s);
	connection_counts_get(&s->uses, NULL);
	oracle_free(check.oracle);
	diag_free(&diag);
}

static int show_loaded(struct shown *s, bool json)
{
	char *unlabeled = running_policy_unlabeled();
	struct err err;
	int ret;

	show_read_plan(s);
	ret = connection_counts_read(&s->uses, unlabeled, &err);
	if (json)
		show_print_object(s, !ret);
	else
		show_print_text(s, !ret);
	fflush(stdout);
	if (ret)
		print_err(&err);
	else
		explain_counters(&s->uses);
	free(unlabeled);
	return ret ? FAILED : DONE;
}

static int show_run(const struct args *args)
{
	struct shown s = { 0 };
	struct err err;
	int ret = state_read(&s.record, &err);

	if (ret == -ENOENT)
		err_set(&err, ret, "no plan is loaded in this network namespace");
	if (ret)
		print_err(&err);
	ret = ret ? FAILED : show_loaded(&s, args->option[JSON]);
	connection_counts_free(&s.uses);
	plan_free(&s.plan);
	state_clear(&s.record);
	return ret;
}

const struct cmd cmd_show = {
	.name = "show",
	.operands = "",
	.help = "print the loaded plan, and how many connections have each label",
	.options = options,
	.run = show_run,
};
