/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_DIFF_H
#define SECMARK2_UTIL_DIFF_H

#include <stddef.h>

/* What happens to a line. */
enum diff_mark {
	DIFF_KEPT = ' ',
	DIFF_GONE = '-',
	DIFF_NEW = '+',
};

/**
 * diff_lines - find the fewest changed lines between two texts
 * @old:   the old text
 * @new:   the new text
 * @line:  is called for each line, in order, once for a line of both; the line has no NUL at its
 * end
 * @arg:   for @line
 *
 * If the part that differs is too long (DIFF_CELLS_MAX), all its lines count as changed.
 */
void diff_lines(const char *old, const char *new,
		void (*line)(void *arg, enum diff_mark mark, const char *text, size_t len),
		void *arg);

/* Limit of old lines times new lines that are compared, with a byte for each pair. */
#define DIFF_CELLS_MAX (64UL << 20)

#endif
