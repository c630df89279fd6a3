/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_FLOW_INDEX_H
#define SECMARK2_PLAN_FLOW_INDEX_H

#include <stdbool.h>

#include "plan/line.h"

struct flow;
struct flow_index;
struct plan;

/*
 * An index that finds the line of a flow in a long plan. With plan->flow_index set, lookup() uses
 * it. The answers are the same as without it.
 */

/**
 * flow_index_new - make the index of a plan
 * @plan: the plan; its lines must stay where they are, and must not change
 *
 * Returns the index; free it with flow_index_free().
 */
struct flow_index *flow_index_new(const struct plan *plan);

/**
 * flow_index_find - find the first line that fits, apart from the default
 * @x:        the index
 * @side:     the side of the lines
 * @flow:     the flow; both ends are known addresses
 * @possible: does a line fit if it fits for any value of the unknown parts, or only if it does for
 *            all of them?
 *
 * Returns the line, or NULL.
 */
const struct plan_line *flow_index_find(const struct flow_index *x, enum side side,
					const struct flow *flow, bool possible);

/* The default of a side, or NULL. */
const struct plan_line *flow_index_default(const struct flow_index *x, enum side side);

/* Has the plan lines of that side? A default counts. */
bool flow_index_has_side(const struct flow_index *x, enum side side);

void flow_index_free(struct flow_index *x);

#endif
