// SPDX-License-Identifier: GPL-2.0-only
#include "plan/lookup.h"

#include <netinet/in.h>
#include <string.h>

#include "packet/flow.h"
#include "packet/ports.h"
#include "packet/tunnel.h"
#include "plan/flow_index.h"
#include "plan/plan.h"

static const enum side side_of[] = {
	[FLOW_IN] = SIDE_SERVER,
	[FLOW_OUT] = SIDE_CLIENT,
	[FLOW_FORWARD] = SIDE_FORWARD,
};

static bool proto_fits(uint8_t proto, const struct flow *flow)
{
	const struct proto *p = proto_get(proto);

	if (proto && proto != flow->proto)
		return false;
	return p->family == AF_UNSPEC || p->family == flow->src.family;
}

/* An end may be known only as a network. Do all its addresses match, or, with @possible, does any?
 */
static bool lookup_nets_fit(const struct plan_nets *nets, const struct net *end, bool possible)
{
	bool some = false;
	size_t i;

	if (!nets->n)
		return true;
	for (i = 0; i < nets->n; i++) {
		if (net_contains(&nets->v[i], end))
			return !nets->negated;
		some = some || net_contains(end, &nets->v[i]);
	}
	return some ? possible : nets->negated;
}

static bool iface_fits(const struct plan_iface *iface, const char *name, const struct flow *flow,
		       bool possible)
{
	size_t n = strlen(iface->name);
	bool same;

	if (!n || flow->any_iface)
		return true;
	if (!*name)
		return flow->not_lo && !strcmp(iface->name, "lo") ? iface->negated : possible;
	if (iface->name[n - 1] == '+')
		same = !strncmp(iface->name, name, n - 1);
	else
		same = !strcmp(iface->name, name);
	return same != iface->negated;
}

bool lookup_line_fits(const struct plan_line *line, const struct flow *flow, bool possible)
{
	return proto_fits(line->proto, flow) &&
	       (!line->ports.n || ports_has(&line->ports, flow->dport)) &&
	       lookup_nets_fit(&line->from, &flow->src, possible) &&
	       lookup_nets_fit(&line->to, &flow->dst, possible) &&
	       iface_fits(&line->in, flow->in, flow, possible) &&
	       iface_fits(&line->out, flow->out, flow, possible);
}

static bool is_address(const struct net *end)
{
	return end->len == net_bits(end->family);
}

static const struct plan_line *first_line(const struct plan *plan, enum side side,
					  const struct flow *flow, bool possible)
{
	size_t i;

	if (plan->flow_index && is_address(&flow->src) && is_address(&flow->dst))
		return flow_index_find(plan->flow_index, side, flow, possible);
	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].side == side && !plan->lines[i].is_default &&
		    lookup_line_fits(&plan->lines[i], flow, possible))
			return &plan->lines[i];
	return NULL;
}

static const struct plan_line *default_line(const struct plan *plan, enum side side)
{
	size_t i;

	if (plan->flow_index)
		return flow_index_default(plan->flow_index, side);
	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].side == side && plan->lines[i].is_default)
			return &plan->lines[i];
	return NULL;
}

/* Swaps the two ends, as if the packet went the other way. */
static struct flow reversed_flow(const struct flow *flow)
{
	struct flow back = flow_turned(flow);

	back.dir = flow->dir == FLOW_IN ? FLOW_OUT : flow->dir == FLOW_OUT ? FLOW_IN : FLOW_FORWARD;
	return back;
}

/* Which end of a stray flow is the client? */
enum client { CLIENT_UNKNOWN, CLIENT_IS_SOURCE, CLIENT_IS_DESTINATION };

static enum client ports_tell(const struct plan *plan, const struct flow *flow)
{
	bool src = port_range_has(&plan->client_ports, flow->sport),
	     dst = port_range_has(&plan->client_ports, flow->dport);

	if (flow->proto != IPPROTO_TCP || src == dst ||
	    (src ? flow->dport : flow->sport) == FTP_DATA_PORT)
		return CLIENT_UNKNOWN;
	return src ? CLIENT_IS_SOURCE : CLIENT_IS_DESTINATION;
}

/* Rules for a forwarded packet know neither interface of the other direction. */
static const struct plan_line *stray_forward_line(const struct plan *plan, const struct flow *flow,
						  bool possible)
{
	const struct plan_line *line = first_line(plan, SIDE_FORWARD, flow, possible);
	struct flow back;

	if (line || ports_tell(plan, flow) == CLIENT_IS_SOURCE)
		return line;
	back = reversed_flow(flow);
	back.any_iface = true;
	return first_line(plan, SIDE_FORWARD, &back, possible);
}

/* *side: of the default */
static const struct plan_line *stray_line(const struct plan *plan, const struct flow *flow,
					  bool possible, enum side *side)
{
	const struct flow back = reversed_flow(flow);
	const struct flow *in = flow->dir == FLOW_IN ? flow : &back;
	const struct flow *out = flow->dir == FLOW_OUT ? flow : &back;
	enum client client = ports_tell(plan, in);
	const struct plan_line *line = first_line(plan, SIDE_SERVER, in, possible);

	if (client != CLIENT_UNKNOWN)
		*side = client == CLIENT_IS_SOURCE ? SIDE_SERVER : SIDE_CLIENT;
	if (line || client == CLIENT_IS_SOURCE)
		return line;
	return first_line(plan, SIDE_CLIENT, out, possible);
}

static const struct plan_line *lookup_line(const struct plan *plan, const struct flow *flow,
					   bool possible)
{
	enum side side = side_of[flow->dir];
	const struct plan_line *line;

	if (flow->stray && flow->dir == FLOW_FORWARD)
		line = stray_forward_line(plan, flow, possible);
	else if (flow->stray)
		line = stray_line(plan, flow, possible, &side);
	else
		line = first_line(plan, side, flow, possible);
	/* an outer packet keeps the label of the packet inside */
	if (!line && side != SIDE_FORWARD && tunnel_has_proto(flow->proto))
		return NULL;
	return line ? line : default_line(plan, side);
}

const struct plan_line *lookup(const struct plan *plan, const struct flow *flow)
{
	return lookup_line(plan, flow, false);
}

const struct plan_line *lookup_possible(const struct plan *plan, const struct flow *flow)
{
	return lookup_line(plan, flow, true);
}
