/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_LINE_INDEX_H
#define SECMARK2_PLAN_LINE_INDEX_H

#include <stdbool.h>
#include <stddef.h>

struct plan_index;
struct plan_line;

/*
 * An index that finds the lines that may cover another line, by the protocol, a
 * network of each list, a port and an interface.
 */

/* Makes an index for about n lines. Free it with plan_index_free(). */
struct plan_index *plan_index_new(size_t n);

/* Adds a line, which must not move in memory. */
void plan_index_add(struct plan_index *x, const struct plan_line *line);

/**
 * plan_index_find - the first line that covers another one
 * @x:      the index
 * @line:   the other one
 * @covers: does line a cover line b? Called for few lines. If it returns true, and a has a list,
 *          each network of b's list must lie in one network of a's list.
 *
 * Returns the one that was added first, or NULL. If very many lines are similar or have long lists,
 * not all are compared; then it can be another line, or NULL.
 */
const struct plan_line *plan_index_find(const struct plan_index *x, const struct plan_line *line,
					bool (*covers)(const struct plan_line *a,
						       const struct plan_line *b));

void plan_index_free(struct plan_index *x);

#endif
