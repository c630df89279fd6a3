// SPDX-License-Identifier: GPL-2.0-only
#include "support/known_packet.h"

#include <netinet/in.h>
#include <stdbool.h>

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

const struct plan_line *known_packet_line(const struct plan *plan, const struct flow *flow,
					  enum known_packet kind)
{
	struct flow back = flow_turned(flow), any = *flow;

	any.any_iface = true;
	switch (kind) {
	case KNOWN_IN:
		return line_of(plan, *flow, FLOW_IN, goes_to_server(plan, &back));
	case KNOWN_REPLY_IN:
		return line_of(plan, *flow, FLOW_OUT,
			       flow->proto == IPPROTO_TCP &&
				       !port_range_has(&plan->client_ports, flow->sport) &&
				       flow->sport != FTP_DATA_PORT);
	case KNOWN_REPLY_LO:
		if (goes_to_server(plan, &back))
			return line_of(plan, back, FLOW_OUT, true);
		return line_of(plan, *flow, FLOW_IN, false);
	case KNOWN_FORWARD:
		return line_of(plan, *flow, FLOW_FORWARD, goes_to_server(plan, &back));
	default:
		if (goes_to_server(plan, &back))
			return line_of(plan, back, FLOW_FORWARD, false);
		return line_of(plan, any, FLOW_FORWARD, false);
	}
}
