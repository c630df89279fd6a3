// SPDX-License-Identifier: GPL-2.0-only
#include "util/diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

struct line {
	const char *text;
	size_t len;
};

struct lines {
	struct line *v;
	size_t n;
};

static struct lines split_lines(const char *text)
{
	struct lines lines = { 0 };
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		lines.v = alloc_one_more(lines.v, lines.n, sizeof(*lines.v));
		lines.v[lines.n++] = (struct line){ text, len };
	}
	return lines;
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

/* The next step to the longest common part of the rest: in both texts, in the old one, or in the
 * new one. */
static char *find_ways(const struct lines *old, const struct lines *new)
{
	char *way = alloc_zeroed(old->n * new->n + 1, 1);
	/* its length, for this line of the old text and for the next one */
	uint32_t *row = alloc_zeroed(new->n + 1, sizeof(*row)),
		 *below = alloc_zeroed(new->n + 1, sizeof(*below)), *swap;
	size_t i, j;

	for (i = old->n; i-- > 0;) {
		for (j = new->n; j-- > 0;) {
			if (same_line(&old->v[i], &new->v[j])) {
				row[j] = below[j + 1] + 1;
				way[i * new->n + j] = DIFF_KEPT;
			} else {
				way[i * new->n + j] = below[j] >= row[j + 1] ? DIFF_GONE : DIFF_NEW;
				row[j] = below[j] >= row[j + 1] ? below[j] : row[j + 1];
			}
		}
		swap = row;
		row = below;
		below = swap;
	}
	free(row);
	free(below);
	return way;
}

static void tell_middle(const struct lines *old, const struct lines *new,
			void (*line)(void *arg, enum diff_mark mark, const char *text, size_t len),
			void *arg)
{
	bool compare = !old->n || new->n <= DIFF_CELLS_MAX / old->n;
	char *way = compare ? find_ways(old, new) : NULL;
	size_t i = 0, j = 0;
	char mark;

	while (i < old->n || j < new->n) {
		if (i < old->n && j < new->n)
			mark = way ? way[i * new->n + j] : DIFF_GONE;
		else
			mark = i < old->n ? DIFF_GONE : DIFF_NEW;
		if (mark == DIFF_NEW)
			line(arg, mark, new->v[j].text, new->v[j].len);
		else
			line(arg, mark, old->v[i].text, old->v[i].len);
		i += mark != DIFF_NEW;
		j += mark != DIFF_GONE;
	}
	free(way);
}

void diff_lines(const char *old, const char *new,
		void (*line)(void *arg, enum diff_mark mark, const char *text, size_t len),
		void *arg)
{
	struct lines a = split_lines(old), b = split_lines(new), x = a, y = b;
	size_t head = 0, tail = 0, i;

	while (head < a.n && head < b.n && same_line(&a.v[head], &b.v[head]))
		head++;
	while (tail < a.n - head && tail < b.n - head &&
	       same_line(&a.v[a.n - 1 - tail], &b.v[b.n - 1 - tail]))
		tail++;
	for (i = 0; i < head; i++)
		line(arg, DIFF_KEPT, a.v[i].text, a.v[i].len);
	/* v may be NULL if there is no line */
	if (head) {
		x.v += head;
		y.v += head;
	}
	x.n -= head + tail;
	y.n -= head + tail;
	tell_middle(&x, &y, line, arg);
	for (i = a.n - tail; i < a.n; i++)
		line(arg, DIFF_KEPT, a.v[i].text, a.v[i].len);
	free(a.v);
	free(b.v);
}
