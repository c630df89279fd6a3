// SPDX-License-Identifier: GPL-2.0-only
#include "plan/words.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

static bool words_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Even in a comment: people print plans on terminals, which would act on it. */
static int check_control(const struct words *w, const char *line, size_t len)
{
	struct pos pos = w->pos;
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = line[i];

		if ((c >= 0x20 && c != 0x7f) || c == '\t')
			continue;
		pos.col = i + 1;
		diag_add(w->diag, DIAG_ERROR, pos, NULL, "a plan is plain text",
			 "control character \\x%02x", c);
		return -EINVAL;
	}
	return 0;
}

static void words_add(struct words *w, char *text, unsigned int col)
{
	w->v = w->n < w->room ? w->v : alloc_one_more(w->v, w->n, sizeof(*w->v));
	w->v[w->n++] = (struct word){ text, col };
	if (w->n > w->room)
		w->room = w->n;
}

int words_split(struct words *w, const char *line, size_t len)
{
	size_t i = 0, start;
	char *text;

	w->n = w->at = 0;
	if (check_control(w, line, len))
		return -EINVAL;
	if (len >= w->text_room) {
		free(w->text);
		w->text_room = len + 128;
		w->text = alloc_zeroed(1, w->text_room);
	}
	text = w->text;
	memcpy(text, line, len);
	text[len] = '\0';
	for (;;) {
		while (words_is_blank(text[i]))
			i++;
		if (!text[i] || text[i] == '#')
			break;
		start = i;
		while (text[i] && !words_is_blank(text[i]))
			i++;
		words_add(w, text + start, start + 1);
		if (text[i])
			text[i++] = '\0';
	}
	w->pos.col = w->n ? w->v[0].col : 0;
	return 0;
}

const struct word *words_peek(const struct words *w)
{
	return w->at < w->n ? &w->v[w->at] : NULL;
}

const struct word *words_take(struct words *w, const char *what, const char *hint)
{
	const struct word *last;
	struct pos pos = w->pos;

	if (w->at < w->n)
		return &w->v[w->at++];
	last = &w->v[w->n - 1];
	/* the column where it is missing */
	pos.col = last->col + strlen(last->text) + 1;
	diag_add(w->diag, DIAG_ERROR, pos, NULL, hint, "%s is missing", what);
	return NULL;
}

bool words_negated(struct words *w)
{
	struct word *next = w->at < w->n ? &w->v[w->at] : NULL;

	if (!next || next->text[0] != '!')
		return false;
	next->text++;
	next->col++;
	if (!*next->text)
		w->at++;
	return true;
}

int words_end(const struct words *w)
{
	if (w->at == w->n)
		return 0;
	return words_fault(w, &w->v[w->at], "expected the end of the line", "unexpected word");
}

struct pos words_pos(const struct words *w, const struct word *word)
{
	struct pos pos = w->pos;

	pos.col = word->col;
	return pos;
}

int words_fault(const struct words *w, const struct word *word, const char *hint, const char *fmt,
		...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	diag_add(w->diag, DIAG_ERROR, words_pos(w, word), word->text, hint && *hint ? hint : NULL,
		 "%s", what);
	return -EINVAL;
}

int words_item(const struct words *w, struct word *rest, struct word *item)
{
	*item = *rest;
	rest->text = strchr(item->text, ',');
	if (rest->text) {
		rest->col += rest->text - item->text + 1;
		*rest->text++ = '\0';
	}
	if (*item->text)
		return 0;
	item->text = NULL;
	return words_fault(w, item, "a list is A,B,C without blanks", "empty item in the list");
}

char *words_join(const struct words *w)
{
	size_t size = 1, used = 0, i, len;
	char *text;

	for (i = 0; i < w->n; i++)
		size += strlen(w->v[i].text) + 1;
	text = alloc_zeroed(1, size);
	for (i = 0; i < w->n; i++) {
		len = strlen(w->v[i].text);
		if (i)
			text[used++] = ' ';
		memcpy(text + used, w->v[i].text, len);
		used += len;
	}
	return text;
}

void words_free(struct words *w)
{
	free(w->v);
	free(w->text);
	*w = (struct words){ 0 };
}
