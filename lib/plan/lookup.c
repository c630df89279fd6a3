// SPDX-License-Identifier: GPL-2.0-only
#include "plan/lookup.h"

#include <string.h>

#include "packet/flow.h"
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

static bool iface_fits(const struct plan_iface *iface, const char *name, bool not_lo, bool possible)
{
	size_t n = strlen(iface->name);
	bool same;

	if (!n)
		return true;
	if (!*name)
		return not_lo && !strcmp(iface->name, "lo") ? iface->negated : possible;
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
	       iface_fits(&line->in, flow->in, flow->not_lo, possible) &&
	       iface_fits(&line->out, flow->out, flow->not_lo, possible);
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
	struct flow back = *flow;

	back.dir = flow->dir == FLOW_IN ? FLOW_OUT : FLOW_IN;
	back.src = flow->dst;
	back.dst = flow->src;
	back.sport = flow->dport;
	back.dport = flow->sport;
	memcpy(back.in, flow->out, sizeof(back.in));
	memcpy(back.out, flow->in, sizeof(back.out));
	return back;
}

static const struct plan_line *stray_line(const struct plan *plan, const struct flow *flow,
					  bool possible)
{
	const struct flow back = reversed_flow(flow);
	const struct plan_line *line;

	line = first_line(plan, SIDE_SERVER, flow->dir == FLOW_IN ? flow : &back, possible);
	if (!line)
		line = first_line(plan, SIDE_CLIENT, flow->dir == FLOW_OUT ? flow : &back,
				  possible);
	return line;
}

static const struct plan_line *lookup_line(const struct plan *plan, const struct flow *flow,
					   bool possible)
{
	enum side side = side_of[flow->dir];
	const struct plan_line *line;

	if (flow->stray && flow->dir != FLOW_FORWARD)
		line = stray_line(plan, flow, possible);
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
