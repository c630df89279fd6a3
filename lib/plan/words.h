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

/* One line of a plan as words, and how far they have been read. Starts as zeros, and is used again
 * for each line. */
struct words {
	struct word *v;
	size_t n, room;
	size_t at;  /* the next word to read */
	char *text; /* the words point into it */
	size_t text_room;
	struct pos pos;    /* of the first word; the caller sets file and line */
	struct diag *diag; /* gets the errors; the caller sets it */
};

/**
 * words_split - split a line at its blanks, without its comment
 * @w:    filled; n is 0 for a line without words
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
 * @what: its name, for the error "WHAT is missing"
 * @hint: what is expected; or NULL
 *
 * Returns the word, or NULL at the end of the line, after it has recorded the error.
 */
const struct word *words_take(struct words *w, const char *what, const char *hint);

/* Reads a "!", which is a word of its own or the beginning of the next word. Returns true if there
 * was one. */
bool words_negated(struct words *w);

/* Returns 0 at the end of the line, or -EINVAL after it has recorded the error. */
int words_end(const struct words *w);

/* The place of a word. */
struct pos words_pos(const struct words *w, const struct word *word);

/* Records an error about a word, or a part of one. Returns -EINVAL. */
int words_fault(const struct words *w, const struct word *word, const char *hint, const char *fmt,
		...) __attribute__((format(printf, 4, 5)));

/**
 * words_item - read the next item of a list with commas
 * @w:    the line
 * @rest: the word, or the rest of it; its text becomes NULL after the last item
 * @item: filled
 *
 * Ends the item with a NUL inside the word. Returns 0, or -EINVAL for an empty
 * item, after it has recorded the error.
 */
int words_item(const struct words *w, struct word *rest, struct word *item);

/* Returns the words with single blanks between them. Call it before words_item(), which changes
 * them. The caller frees it. */
char *words_join(const struct words *w);

/* Frees its content. */
void words_free(struct words *w);

#endif
