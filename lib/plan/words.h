/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_WORDS_H
#define SECMARK2_PLAN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/diag.h"

struct word {
	char *text; /* never empty */
	unsigned int col;
};

/* One line of a plan in words, and how far it has been read. Starts as zeros, and is used for line
 * after line. */
struct words {
	struct word *v;
	size_t n, room;
	size_t at;  /* the next one to be read */
	char *text; /* what they point into */
	size_t text_room;
	struct pos pos;    /* of the first word; file and line are the caller's to set */
	struct diag *diag; /* where errors go; the caller's to set */
};

/**
 * words_split - split a line at its blanks, without its comment
 * @w:    where to; n is 0 for a line that has no words
 * @line: the line, without its newline
 * @len:  its length in bytes
 *
 * Returns 0, or -EINVAL for a control character.
 */
int words_split(struct words *w, const char *line, size_t len);

/* The next word, or NULL at the end of the line. */
const struct word *words_peek(const struct words *w);

/**
 * words_take - read the next word
 * @w:    the line
 * @what: what it is, for the error "WHAT is missing"
 * @hint: what is expected; or NULL
 *
 * Returns the word, or NULL at the end of the line: the error is recorded.
 */
const struct word *words_take(struct words *w, const char *what, const char *hint);

/* Reads a "!", be it a word of its own or before the next word, which is moved behind it. */
bool words_negated(struct words *w);

/* 0 where the line has been read to its end; else -EINVAL, the error is recorded. */
int words_end(const struct words *w);

/* Where a word stands. */
struct pos words_pos(const struct words *w, const struct word *word);

/* Records an error about a word, or a part of one. Returns -EINVAL. */
int words_fault(const struct words *w, const struct word *word, const char *hint, const char *fmt,
		...) __attribute__((format(printf, 4, 5)));

/**
 * words_item - the next item of a list that commas separate
 * @w:    the line
 * @rest: the word, or what is left of it; its text becomes NULL behind the last item
 * @item: where to
 *
 * Ends the item with a NUL within the word. Returns 0, or -EINVAL for an
 * empty one: the error is recorded.
 */
int words_item(const struct words *w, struct word *rest, struct word *item);

/* The line as it was, with single blanks: to be called before any list is taken apart. The caller
 * frees it. */
char *words_join(const struct words *w);

/* Frees what is in it. */
void words_free(struct words *w);

#endif
