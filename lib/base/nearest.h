/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BASE_NEAREST_H
#define SECMARK2_BASE_NEAREST_H

#include <stddef.h>

#define NEAREST_MAX 3

/*
 * Finds the names that are nearest to a mistyped one. Start with NEAREST(text),
 * offer every valid name, then read name[0..count-1]: the names at the smallest
 * distance, in alphabetical order. The caller keeps the names.
 */
struct nearest {
	const char *want;
	const char *name[NEAREST_MAX];
	unsigned int count;
	unsigned int distance;
};

#define NEAREST(text) ((struct nearest){ .want = (text) })

/**
 * nearest_offer - consider a name
 * @n:    the search
 * @name: a valid name; must live as long as the search
 *
 * The distance is that of optimal string alignment: inserted, left out,
 * replaced and swapped neighbouring characters count one each. A name is
 * ignored if its distance is above a quarter of the wanted name's length, or
 * if it is longer than 127 bytes.
 */
void nearest_offer(struct nearest *n, const char *name);

/**
 * nearest_letters - how many letters differ?
 * @a:     a name
 * @b:     another one
 * @limit: where to stop counting
 *
 * Returns the distance of optimal string alignment; any number above @limit if it is above that,
 * or if a name is longer than 127 bytes.
 */
unsigned int nearest_letters(const char *a, const char *b, unsigned int limit);

/* Considers a name whose distance the caller knows. */
void nearest_offer_at(struct nearest *n, const char *name, unsigned int distance);

/**
 * nearest_format - write the found names as "a, b or c"
 * @n:    the search
 * @out:  the buffer; an empty string if nothing was found
 * @size: its size
 */
void nearest_format(const struct nearest *n, char *out, size_t size);

#endif
