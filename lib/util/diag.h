/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_DIAG_H
#define SECMARK2_UTIL_DIAG_H

#include <stddef.h>

/* Where something stands. Lines and columns (bytes) count from 1; 0: the file as a whole. */
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
 * All that is wrong with a text, found in one run. Starts as zeros. It has
 * its own copies of everything, names of files included: it may outlive what
 * it is about.
 */
struct diag {
	struct diag_entry *v;
	size_t n;
	size_t errors; /* how many of them are errors */
	char **files;  /* as first met */
	size_t n_files;
};

/**
 * diag_add - add an error or a warning
 * @d:        where to
 * @severity: which of the two
 * @pos:      where it is
 * @text:     the text it is about, quoted safely when printed; or NULL
 * @hint:     what was expected; or NULL
 * @fmt:      what is wrong, as for printf
 *
 * Everything is copied. Never fails (alloc.h).
 */
void diag_add(struct diag *d, enum diag_severity severity, struct pos pos, const char *text,
	      const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/**
 * diag_drop_warnings - take warnings back
 * @d:     where from
 * @since: how many entries there were before; older ones are left alone
 */
void diag_drop_warnings(struct diag *d, size_t since);

/* Orders by file (as first met), line and column, keeping the order of equals. */
void diag_sort(struct diag *d);

/**
 * diag_format - an entry as a line of text
 * @e: the entry
 *
 * Returns "FILE:LINE:COL: what is wrong: 'the text' (what was expected)", with
 * "warning: " behind the position of a warning. The caller frees it.
 */
char *diag_format(const struct diag_entry *e);

/* Frees what is in it; it is empty then. */
void diag_free(struct diag *d);

#endif
