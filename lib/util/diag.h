/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_DIAG_H
#define SECMARK2_UTIL_DIAG_H

#include <stdbool.h>
#include <stddef.h>

/* A place in a file. Lines and columns (in bytes) count from 1; 0 means the whole file. */
struct pos {
	const char *file; /* not owned */
	unsigned int line;
	unsigned int col;
};

enum diag_severity {
	DIAG_ERROR,
	DIAG_WARNING,
};

struct diag_entry {
	enum diag_severity severity;
	struct pos pos;
	char *what;
	char *text; /* what it is about, or NULL */
	char *hint; /* what was expected, or NULL */
};

/*
 * All errors and warnings about a text, found in one run. Starts as zeros. It has
 * its own copies of everything, even of file names, so the text may be freed
 * before it.
 */
struct diag {
	struct diag_entry *v;
	size_t n;
	size_t errors; /* the number of errors among them */
	char **files;  /* in the order of their first entries */
	size_t n_files;
};

/**
 * diag_add - add an error or a warning
 * @d:        the list
 * @severity: error or warning
 * @pos:      its place
 * @text:     the wrong text, which is printed in a safe form; or NULL
 * @hint:     what was expected; or NULL
 * @fmt:      what is wrong, as for printf
 *
 * Everything is copied. Never fails (alloc.h).
 */
void diag_add(struct diag *d, enum diag_severity severity, struct pos pos, const char *text,
	      const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/**
 * diag_is_full - has a text so many errors that the rest of it should not be read?
 * @d:   the list
 * @pos: of the line that was read last
 *
 * A file of another kind has an error in each of its million lines. Adds an error that says so.
 */
bool diag_is_full(struct diag *d, struct pos pos);

/**
 * diag_drop_warnings - take warnings back
 * @d:     the list
 * @since: the number of older entries, which stay
 */
void diag_drop_warnings(struct diag *d, size_t since);

/* Sorts by file (in the order of their first entries), line and column. The sort is stable. */
void diag_sort(struct diag *d);

/* Drops what is said again of the same place, though its hint may differ. They are sorted. */
void diag_drop_repeats(struct diag *d);

/**
 * diag_format - write an entry as a line of text
 * @e: the entry
 *
 * Returns "FILE:LINE:COL: what is wrong: 'the text' (what was expected)", with
 * "warning: " after the position of a warning. The caller frees it.
 */
char *diag_format(const struct diag_entry *e);

/* Frees its content; it is empty then. */
void diag_free(struct diag *d);

#endif
