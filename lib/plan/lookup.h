/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_LOOKUP_H
#define SECMARK2_PLAN_LOOKUP_H

struct flow;
struct plan;
struct plan_line;

/**
 * lookup - which line of a plan labels a flow?
 * @plan: the plan
 * @flow: the first packet of a flow
 *
 * The reference that all that is compiled is compared with: the first line of
 * the flow's side that fits, a default after all others. A stray flow is
 * looked up on both sides: server lines by the local port, then client lines
 * by the remote port, then the default of its direction (in: server, out:
 * client). One that is forwarded has one side only. Where not all of a flow is
 * known, only lines fit that fit whatever the rest is.
 *
 * Returns the line, which is the plan's, or NULL: no label.
 */
const struct plan_line *lookup(const struct plan *plan, const struct flow *flow);

/* The same, where what is not known of the flow is taken to be as the lines want it. If it is the
 * line that lookup() finds, it is the one. */
const struct plan_line *lookup_possible(const struct plan *plan, const struct flow *flow);

#endif
