/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_DIFF_H
#define SECMARK2_UTIL_DIFF_H

#include <stddef.h>

/* What becomes of a line. */
enum diff_mark {
	DIFF_KEPT = ' ',
	DIFF_GONE = '-',
	DIFF_NEW = '+',
};

/**
 * diff_lines - the fewest lines that turn one text into another
 * @old:   a text
 * @new:   another one
 * @line:  is called for each line of both, in order; a line of both once. Not ended by a NUL
 * @arg:   for @line
 *
 * Where what differs in the middle is too long (DIFF_CELLS_MAX), all of it is gone or new.
 */
void diff_lines(const char *old, const char *new,
		void (*line)(void *arg, enum diff_mark mark, const char *text, size_t len),
		void *arg);

/* Lines of the one times lines of the other: what is compared with each other, a byte each. */
#define DIFF_CELLS_MAX (64UL << 20)

#endif
