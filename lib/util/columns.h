/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_COLUMNS_H
#define SECMARK2_UTIL_COLUMNS_H

#include <stddef.h>

/**
 * columns_fit - how much of a text fits into some columns of a terminal?
 * @text:    in the form of text_printable()
 * @columns: how many there are; receives how many that part takes
 *
 * Characters of East Asia take two columns, and marks above letters none (wcwidth(3)).
 *
 * Returns the number of bytes. No character is split.
 */
size_t columns_fit(const char *text, size_t *columns);

/* The columns that the whole text takes. */
size_t columns_of(const char *text);

#endif
