// SPDX-License-Identifier: GPL-2.0-only
#include "support/known_packet.h"

#include <netinet/in.h>
#include <stdbool.h>

#include "compile/dispatch.h"
#include "packet/flow.h"
#include "plan/lookup.h"
#include "plan/plan.h"

static bool goes_to_server(const struct plan *plan, const struct flow *packet)
{
	return packet->proto == IPPROTO_TCP && port_range_has(&plan->client_ports, packet->sport) &&
	       !port_range_has(&plan->client_ports, packet->dport) &&
	       packet->dport != FTP_DATA_PORT;
}

static const struct plan_line *line_of(const struct plan *plan, struct flow flow, enum flow_dir dir,
				       bool stray)
{
	flow.dir = dir;
	flow.stray = stray;
	return lookup(plan, &flow);
}

/* Does a line of the side name the port, alone or with up to 15 neighbours? */
static bool is_listed(const struct plan *plan, enum side side, int family, uint16_t port)
{
	const enum dispatch_family f = family == AF_INET ? DISPATCH_IPV4 : DISPATCH_IPV6;
	const struct plan_line *line;
	const struct port_range *range;

	for (line = plan->lines; line < plan->lines + plan->n_lines; line++)
		for (range = line->ports.v; range < line->ports.v + line->ports.n; range++)
			if (line->side == side && line->proto == IPPROTO_TCP &&
			    dispatch_fit(line, f) != DISPATCH_NEVER &&
			    port_range_has(range, port) && range->hi - range->lo <= 15)
				return true;
	return false;
}

/* The line for a packet as if it went in the other direction, which is @turned's. One of its ports,
 * for clients and @listed, tells that the other line is wrong. Or NULL. */
static const struct plan_line *listed_line(const struct plan *plan, const struct flow *turned,
					   enum flow_dir dir, uint16_t listed)
{
	static const enum side sides[] = {
		[FLOW_IN] = SIDE_SERVER, [FLOW_OUT] = SIDE_CLIENT, [FLOW_FORWARD] = SIDE_FORWARD
	};
	const struct plan_line *line;

	if (turned->proto != IPPROTO_TCP || !port_range_has(&plan->client_ports, listed) ||
	    !is_listed(plan, sides[dir], turned->src.family, listed))
		return NULL;
	line = line_of(plan, *turned, dir, false);
	return line && !line->is_default ? line : NULL;
}

/* In the direction of the connection: both ports are for clients. */
static const struct plan_line *request_line(const struct plan *plan, const struct flow *flow,
					    enum flow_dir dir)
{
	const struct flow back = flow_turned(flow);
	const struct plan_line *line = line_of(plan, *flow, dir, goes_to_server(plan, &back));
	const struct plan_line *listed;
	struct flow turned = back;

	if ((line && !line->is_default) || !port_range_has(&plan->client_ports, flow->dport))
		return line;
	turned.any_iface = dir == FLOW_FORWARD;
	listed = listed_line(plan, &turned, dir == FLOW_IN ? FLOW_OUT : dir, flow->sport);
	return listed ? listed : line;
}

/* Against it: to a port for clients. */
static const struct plan_line *reply_in_line(const struct plan *plan, const struct flow *flow)
{
	struct flow back = flow_turned(flow);
	bool stray = flow->proto == IPPROTO_TCP &&
		     !port_range_has(&plan->client_ports, flow->sport) &&
		     flow->sport != FTP_DATA_PORT;

	const struct plan_line *listed = listed_line(plan, &back, FLOW_IN, flow->sport);

	return listed ? listed : line_of(plan, *flow, FLOW_OUT, stray);
}

static const struct plan_line *reply_forward_line(const struct plan *plan, const struct flow *flow)
{
	struct flow back = flow_turned(flow), any = *flow;
	const struct plan_line *line, *listed;

	if (goes_to_server(plan, &back))
		return line_of(plan, back, FLOW_FORWARD, false);
	any.any_iface = true;
	line = line_of(plan, any, FLOW_FORWARD, false);
	if ((line && !line->is_default) || !port_range_has(&plan->client_ports, flow->dport))
		return line;
	listed = listed_line(plan, &back, FLOW_FORWARD, flow->sport);
	return listed ? listed : line;
}

const struct plan_line *known_packet_line(const struct plan *plan, const struct flow *flow,
					  enum known_packet kind)
{
	struct flow back = flow_turned(flow);

	switch (kind) {
	case KNOWN_IN:
		return request_line(plan, flow, FLOW_IN);
	case KNOWN_LO:
		return line_of(plan, *flow, FLOW_IN, goes_to_server(plan, &back));
	case KNOWN_REPLY_IN:
		return reply_in_line(plan, flow);
	case KNOWN_REPLY_LO:
		if (goes_to_server(plan, &back))
			return line_of(plan, back, FLOW_OUT, true);
		return line_of(plan, *flow, FLOW_IN, false);
	case KNOWN_FORWARD:
		return request_line(plan, flow, FLOW_FORWARD);
	default:
		return reply_forward_line(plan, flow);
	}
}
