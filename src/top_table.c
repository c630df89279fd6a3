// SPDX-License-Identifier: GPL-2.0-only
#include "top_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "top.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/columns.h"
#include "util/json.h"
#include "util/printable.h"

enum { LABEL, DOMAIN, CONNECTIONS, PACKETS, BYTES, DENIALS, DENIALS_ALL };

const struct top_column top_columns[TOP_COLUMNS] = {
	[LABEL] = { "label", "label", 'l', TRAFFIC_LABEL },
	[DOMAIN] = { "domain", "domain", 'd', TRAFFIC_DOMAIN },
	[CONNECTIONS] = { "connections", "connections", 'c', TRAFFIC_CONNECTIONS },
	[PACKETS] = { "packets/s", "packets", 'p', TRAFFIC_PACKETS },
	[BYTES] = { "bytes/s", "bytes", 'b', TRAFFIC_BYTES },
	[DENIALS] = { "denials/s", "denials", 'n', TRAFFIC_DENIALS },
	[DENIALS_ALL] = { "denials", NULL, 0, TRAFFIC_KEYS },
};

static double per_second(const struct top *t, uint64_t n)
{
	return n * 1000.0 / t->traffic.milliseconds;
}

static bool knows_packets(const struct top *t, const struct traffic_row *row)
{
	return t->traffic.milliseconds > 0 && (row->counted || !row->connections);
}

static bool knows_denials(const struct top *t)
{
	return !*t->denial_err.what;
}

static char *rate_text(const struct top *t, bool known, uint64_t n)
{
	char text[64];

	if (!known || t->traffic.milliseconds <= 0)
		return alloc_copy("-");
	snprintf(text, sizeof(text), "%.1f", per_second(t, n));
	return alloc_copy(text);
}

static char *number_text(uint64_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	return alloc_copy(text);
}

char *top_cell(const struct top *t, const struct traffic_row *row, size_t column)
{
	switch (column) {
	case LABEL:
		return text_printable(traffic_row_label(row));
	case DOMAIN:
		return text_printable(row->domain ? row->domain : "-");
	case CONNECTIONS:
		return t->traffic.failed ? alloc_copy("-") : number_text(row->connections);
	case PACKETS:
		return rate_text(t, knows_packets(t, row), row->recent_packets);
	case BYTES:
		return rate_text(t, knows_packets(t, row), row->recent_bytes);
	case DENIALS:
		return rate_text(t, knows_denials(t), row->recent_denials);
	default:
		return knows_denials(t) ? number_text(row->denials) : alloc_copy("-");
	}
}

void top_widths(const struct top *t, int widths[TOP_COLUMNS])
{
	const struct traffic_rows *rows = &t->traffic.rows;
	size_t i, k;
	char *cell;

	for (k = 0; k < TOP_COLUMNS; k++)
		widths[k] = columns_of(top_columns[k].name);
	for (i = 0; i < rows->n; i++) {
		for (k = 0; k < TOP_COLUMNS; k++) {
			cell = top_cell(t, &rows->v[i], k);
			if ((int)columns_of(cell) > widths[k])
				widths[k] = columns_of(cell);
			free(cell);
		}
	}
}

static void print_top_plan(const struct top *t, FILE *out)
{
	const struct loaded_plan *p = &t->plan;

	if (!p->read)
		fprintf(out, "%s (%s)", p->record.plan_name, p->record.backend);
	else
		fputs(p->read == -ENOENT ? "none is loaded" : p->read_err.what, out);
}

static void print_top_rules(const struct top *t, FILE *out)
{
	const struct loaded_plan *p = &t->plan;

	if (p->missing_ret)
		fputs(p->missing_err.what, out);
	else if (p->missing)
		fputs("some are missing (secmarkctl status)", out);
	else
		fputs(p->read ? "none" : "intact", out);
}

static void print_top_total(const struct top *t, FILE *out)
{
	const struct traffic_row total = traffic_rows_total(&t->traffic.rows);
	size_t k;
	char *cell;

	for (k = CONNECTIONS; k < TOP_COLUMNS; k++) {
		cell = top_cell(t, &total, k);
		fprintf(out, "%s%s %s", k == CONNECTIONS ? "" : ", ", cell, top_columns[k].name);
		free(cell);
	}
}

char *top_head(const struct top *t, int line)
{
	static void (*const lines[TOP_HEAD])(const struct top *t, FILE *out) = { print_top_plan,
										 print_top_rules,
										 print_top_total };
	static const char *const names[TOP_HEAD] = { "plan", "rules", "total" };
	char *text, *safe;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	fprintf(out, "%-6s", names[line]);
	lines[line](t, out);
	buffer_close(out);
	safe = text_printable(text);
	free(text);
	return safe;
}

/* Writes the notes, one on each line. */
static void print_top_notes(const struct top *t, FILE *out)
{
	const struct traffic_row total = traffic_rows_total(&t->traffic.rows);
	char text[ERR_TEXT_MAX];

	print_uncounted(out, "", t->counting, total.connections - total.counted);
	if (!knows_denials(t))
		fprintf(out, "denials are unknown: %s\n", err_text(&t->denial_err, text));
	if (*t->traffic.unseen.what)
		fprintf(out, "some domains are unknown: %s\n", err_text(&t->traffic.unseen, text));
	if (top_lost(t))
		fprintf(out, "%lu %s, the kernel left records out: there are more denials\n",
			top_lost(t), top_lost(t) == 1 ? "time" : "times");
	if (t->denials.others)
		fprintf(out, "%" PRIu64 " denials of further labels and domains are left out\n",
			t->denials.others);
}

char *top_notes(const struct top *t)
{
	char *text, *safe;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	print_top_notes(t, out);
	buffer_close(out);
	safe = lines_printable(text);
	free(text);
	return safe;
}

/* Names are on the left of their column, numbers on the right. */
static void print_top_cell(const char *cell, size_t column, int width, FILE *out)
{
	size_t columns = width, bytes = columns_fit(cell, &columns);
	int blanks = width - (int)columns;

	if (column > DOMAIN)
		fprintf(out, "%*s", blanks, "");
	fprintf(out, "%.*s", (int)bytes, cell);
	if (column <= DOMAIN)
		fprintf(out, "%*s", blanks, "");
}

void top_print_row(const struct top *t, const struct traffic_row *row, const int *widths, FILE *out)
{
	char *cell;
	size_t k;

	for (k = 0; k < TOP_COLUMNS; k++) {
		cell = row ? top_cell(t, row, k) : alloc_copy(top_columns[k].name);
		fputs(k ? "  " : "", out);
		print_top_cell(cell, k, widths[k], out);
		free(cell);
	}
}

void top_print(const struct top *t)
{
	const struct traffic_rows *rows = &t->traffic.rows;
	int widths[TOP_COLUMNS], line;
	size_t i;
	char *text;

	for (line = 0; line < TOP_HEAD; line++) {
		text = top_head(t, line);
		puts(text);
		free(text);
	}
	putchar('\n');
	top_widths(t, widths);
	top_print_row(t, NULL, widths, stdout);
	putchar('\n');
	for (i = 0; i < rows->n; i++) {
		top_print_row(t, &rows->v[i], widths, stdout);
		putchar('\n');
	}
}

/* With three digits behind the point */
static json_t *rate_to_json(const struct top *t, bool known, uint64_t n)
{
	if (!known || t->traffic.milliseconds <= 0)
		return json_null();
	return json_real((uint64_t)(per_second(t, n) * 1000 + 0.5) / 1000.0);
}

static json_t *top_row_to_json(const struct top *t, const struct traffic_row *r)
{
	bool packets = knows_packets(t, r), denials = knows_denials(t);
	json_t *row = json_object();

	json_object_set_new(row, "label", text_to_json(r->label));
	json_object_set_new(row, "domain", text_to_json(r->domain));
	json_object_set_new(row, "connections", json_integer(r->connections));
	json_object_set_new(row, "counted", json_integer(r->counted));
	json_object_set_new(row, "packets_per_second", rate_to_json(t, packets, r->recent_packets));
	json_object_set_new(row, "bytes_per_second", rate_to_json(t, packets, r->recent_bytes));
	json_object_set_new(row, "denials_per_second", rate_to_json(t, denials, r->recent_denials));
	json_object_set_new(row, "denials", denials ? json_integer(r->denials) : json_null());
	return row;
}

void top_print_json(const struct top *t)
{
	const struct loaded_plan *p = &t->plan;
	json_t *all = json_object(), *rows = json_array();
	size_t i;

	for (i = 0; i < t->traffic.rows.n; i++)
		json_array_append_new(rows, top_row_to_json(t, &t->traffic.rows.v[i]));
	json_object_set_new(all, "plan", p->read ? json_null() : text_to_json(p->record.plan_name));
	json_object_set_new(all, "backend",
			    p->read ? json_null() : text_to_json(p->record.backend));
	json_object_set_new(all, "missing",
			    p->missing_ret ? json_null() : json_boolean(p->missing));
	json_object_set_new(all, "milliseconds", json_integer(t->traffic.milliseconds));
	json_object_set_new(all, "counting", json_boolean(t->counting));
	json_object_set_new(all, "lost",
			    knows_denials(t) ? json_integer(top_lost(t)) : json_null());
	json_object_set_new(all, "denials_left_out",
			    knows_denials(t) ? json_integer(t->denials.others) : json_null());
	json_object_set_new(all, "domains_complete", json_boolean(!*t->traffic.unseen.what));
	json_object_set_new(all, "rows", rows);
	print_json(all);
}
