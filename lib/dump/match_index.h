/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_MATCH_INDEX_H
#define SECMARK2_DUMP_MATCH_INDEX_H

#include <stdbool.h>
#include <stddef.h>

struct dump_match;
struct match_index;

/*
 * An index of matches. It finds those that may have packets in common with another match, without a
 * look at each of them.
 */

/* Makes an empty index. Free it with match_index_free(). */
struct match_index *match_index_new(void);

/**
 * match_index_add - add a match
 * @x: the index
 * @m: the match; what it points to must live as long as the index
 *
 * Returns its number. The first one is 0, the next one 1, and so on.
 */
size_t match_index_add(struct match_index *x, const struct dump_match *m);

/* Takes a match out, by its number. Nothing happens if it is out. */
void match_index_drop(struct match_index *x, size_t number);

/**
 * match_index_find - find the matches that are not apart from another one
 * @x:       the index
 * @m:       the other one, see dump_match_apart()
 * @max:     how many of them are enough
 * @numbers: set to their numbers, in ascending order; valid until the next call
 *
 * Returns how many it found, at most @max.
 */
size_t match_index_find(struct match_index *x, const struct dump_match *m, size_t max,
			const size_t **numbers);

/* Have the searches looked at too many matches in vain? Then they find nothing, or not all.
 * Thousands of negated names or networks, each apart from thousands of matches, do this. */
bool match_index_is_spent(const struct match_index *x);

/* NULL is possible. */
void match_index_free(struct match_index *x);

#endif
