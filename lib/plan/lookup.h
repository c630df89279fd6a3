/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_LOOKUP_H
#define SECMARK2_PLAN_LOOKUP_H

#include <stdbool.h>

struct flow;
struct plan;
struct plan_line;

/**
 * lookup - which line of a plan labels a flow?
 * @plan: the plan
 * @flow: the first packet of a flow
 *
 * This is the reference for all compiled rules: the first line of the flow's
 * side that matches, and the default after all others. The outer packets of
 * tunnels get no default from or to this host (packet/tunnel.h). If a part of
 * the flow is unknown, a line matches only if it matches for every value of that
 * part.
 *
 * A stray flow may go to a server or come from one. It is looked up in server
 * lines by the local port, then in client lines by the remote port, then it gets
 * the default of its direction (in: server, out: client). If it is forwarded, it
 * is looked up as it is, then in the other direction, for which interfaces are
 * not compared. The ports of TCP may tell which end is the client: only its port
 * is one that the kernel gives to clients, and the other one is not FTP's data
 * port, from which servers open connections. Then no client line is tried for a
 * server here, nor the other direction of a forwarded flow from the client, and
 * the default is that of the side of this host's end.
 *
 * It reads all lines up to the answer. For many flows, set plan->flow_index.
 *
 * Returns the line, which belongs to the plan, or NULL if there is no label.
 */
const struct plan_line *lookup(const struct plan *plan, const struct flow *flow);

/* The same, but a line matches if it matches for any value of the unknown parts. If this finds the
 * same line as lookup(), the unknown parts do not matter. */
const struct plan_line *lookup_possible(const struct plan *plan, const struct flow *flow);

/* Does a flow fit this line, for all values of its unknown parts, or, with possible, for any? Does
 * not look at the sides. */
bool lookup_line_fits(const struct plan_line *line, const struct flow *flow, bool possible);

#endif
