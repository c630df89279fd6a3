// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn_merge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "advise/learn.h"
#include "advise/learn_print.h"
#include "plan/plan.h"
#include "util/buffer.h"

struct merge_plan {
	const struct plan *plan;
	const char *text;
	size_t len;
};

#define MERGE_BLANKS " \t\r\v\f"

static size_t merge_line_length(const char *text, size_t len)
{
	const char *newline = memchr(text, '\n', len);

	return newline ? (size_t)(newline - text) + 1 : len;
}

/* Is the statement of a line "include"? */
static bool merge_is_include(const char *line, size_t len)
{
	static const char word[] = "include";
	size_t n = sizeof(word) - 1;

	while (len && strchr(MERGE_BLANKS, *line))
		line++, len--;
	return len > n && !memcmp(line, word, n) && strchr(MERGE_BLANKS, line[n]);
}

/* The number of the last include, or 0. */
static unsigned int merge_last_include(const char *text, size_t len)
{
	unsigned int number = 0, last = 0;
	size_t n;

	for (; len; text += n, len -= n) {
		n = merge_line_length(text, len);
		number++;
		if (merge_is_include(text, n))
			last = number;
	}
	return last;
}

/* The line of the plan's own text behind which a side's new lines come; 0: the last one. */
static unsigned int merge_place(const struct plan *plan, enum side side, unsigned int include)
{
	const struct plan_line *line;
	unsigned int place = 0;
	size_t i;

	for (i = 0; i < plan->n_lines; i++) {
		line = &plan->lines[i];
		if (line->side == side && !line->is_default && line->pos.file == plan->files[0] &&
		    line->pos.line > place)
			place = line->pos.line;
	}
	return place > include || !place ? place : include;
}

/* Has the plan this held line already, from an earlier time? */
static bool merge_has_held(const struct merge_plan *p, const struct learn_line *line)
{
	const char *text = p->text;
	char *held;
	size_t len = p->len, held_len, n;
	bool found = false;
	FILE *out = buffer_open(&held, &held_len);

	learn_print_statement(line, out);
	buffer_close(out);
	for (; len && !found; text += n, len -= n) {
		n = merge_line_length(text, len);
		/* the last line may have no newline */
		found = n >= held_len - 1 && n <= held_len && !memcmp(text, held, n);
	}
	free(held);
	return found;
}

static void merge_print_side(const struct merge_plan *p, const struct learn_lines *lines,
			     enum side side, FILE *out)
{
	const struct learn_line *line;
	size_t i;

	for (i = 0; i < lines->n; i++) {
		line = &lines->v[i];
		if (line->side != side || (line->held && merge_has_held(p, line)))
			continue;
		learn_print_reason(line, out);
		learn_print_line(line, out);
	}
}

void learn_merge(const struct plan *plan, const char *text, size_t len,
		 const struct learn_lines *lines, FILE *out)
{
	const struct merge_plan p = { plan, text, len };
	unsigned int include = merge_last_include(text, len), number = 0, place[SIDES];
	enum side side;
	size_t n;

	for (side = 0; side < SIDES; side++)
		place[side] = merge_place(plan, side, include);
	for (; len; text += n, len -= n) {
		n = merge_line_length(text, len);
		fwrite(text, 1, n, out);
		if (text[n - 1] != '\n')
			fputc('\n', out);
		number++;
		for (side = 0; side < SIDES; side++)
			if (place[side] == number)
				merge_print_side(&p, lines, side, out);
	}
	for (side = 0; side < SIDES; side++)
		if (!place[side])
			merge_print_side(&p, lines, side, out);
}
