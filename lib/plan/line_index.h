/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_LINE_INDEX_H
#define SECMARK2_PLAN_LINE_INDEX_H

#include <stdbool.h>
#include <stddef.h>

struct plan_index;
struct plan_line;

/*
 * Lines, to be found by what they may cover: by the protocol, one network of
 * each list, a port, and an interface.
 */

/* For about n lines. End it with plan_index_free(). */
struct plan_index *plan_index_new(size_t n);

/* Adds a line, which must stay where it is. */
void plan_index_add(struct plan_index *x, const struct plan_line *line);

/**
 * plan_index_find - the first line that covers another one
 * @x:      the index
 * @line:   the other one
 * @covers: does line a cover line b? Asked of few. Where it says yes, each network
 *          of a list of b must lie within a single one of a's list, if a has one.
 *
 * Returns the one that was added first, or NULL. Where very many lines are alike, or have long
 * lists, not all are compared: then it may be another one, or none.
 */
const struct plan_line *plan_index_find(const struct plan_index *x, const struct plan_line *line,
					bool (*covers)(const struct plan_line *a,
						       const struct plan_line *b));

void plan_index_free(struct plan_index *x);

#endif
