// SPDX-License-Identifier: GPL-2.0-only
/* The tunnels of kernel-tests/flows.sh. All packets in a tunnel share the connection of its outer
 * packets. IP in IP has two: its outer packets of IPv4 and of IPv6 have different protocols. */
#include "differential/flow_tunnel.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "packet/tunnel.h"

#define FAMILIES 2

/* flows.sh has the same addresses. */
static const struct {
	const char *name;
	const char *device;                /* NULL: the interface of the outer packets */
	const char *ends[FAMILIES][HOSTS]; /* of outer packets, by the family of those inside */
	uint8_t proto[FAMILIES];
	bool same_ends; /* the packets inside have the same addresses */
} tunnels[TUNNELS] = {
	[TUNNEL_NONE] = { .name = "" },
	[TUNNEL_GRE] = { "gre",
			 "eth-gre",
			 { { "10.1.2.3", "10.1.9.9" }, { "10.1.2.3", "10.1.9.9" } },
			 { IPPROTO_GRE, IPPROTO_GRE },
			 false },
	[TUNNEL_IPIP] = { "ipip",
			  "veth-ip",
			  { { "10.200.0.1", "192.0.2.5" }, { "10.200.0.1", "192.0.2.5" } },
			  { IPPROTO_IPIP, IPPROTO_IPV6 },
			  false },
	[TUNNEL_ESP] = { "esp",
			 NULL,
			 { { "198.51.100.7", "10.1.2.4" }, { "fd01::3", "fd01::9" } },
			 { IPPROTO_ESP, IPPROTO_ESP },
			 true },
	[TUNNEL_ESP_WHOLE] = { "esp in tunnel mode",
			       NULL,
			       { { "10.1.2.3", "192.0.2.5" }, { "fd77::1", "2001:db8::5" } },
			       { IPPROTO_ESP, IPPROTO_ESP },
			       false },
};

static bool is_six(const struct flow *flow)
{
	return flow->src.family == AF_INET6;
}

static struct net tunnel_end(enum tunnel tunnel, bool six, enum host host)
{
	struct net net;
	struct err err;

	if (net_parse(tunnels[tunnel].ends[six][host], &net, &err))
		abort();
	return net;
}

const char *tunnel_name(enum tunnel tunnel)
{
	return tunnels[tunnel].name;
}

bool tunnel_has_device(enum tunnel tunnel)
{
	return tunnels[tunnel].device;
}

uint32_t tunnel_spi(const struct trial *t)
{
	return 0x100u * t->tunnel + is_six(&t->flow);
}

uint32_t tunnel_mark(const struct trial *t, enum turn turn)
{
	return (uint32_t)t->tunnel << 16 | trial_packet(t, turn);
}

static void tunnel_set_iface(struct flow *flow, const char *name)
{
	strcpy(flow->in, name);
	strcpy(flow->out, name);
}

bool tunnel_enter(struct trial *t, enum host host, enum tunnel tunnel)
{
	struct flow *flow = &t->flow, *outer = &t->outer;
	struct net here = tunnel_end(tunnel, is_six(flow), host),
		   there = tunnel_end(tunnel, is_six(flow), !host);

	if (tunnel_has_proto(flow->proto) || flow->dir == FLOW_FORWARD || trial_over_lo(t) ||
	    /* what is not tracked inside would not be tracked outside */
	    (t->untracked && tunnels[tunnel].same_ends))
		return false;
	t->tunnel = tunnel;
	*outer = (struct flow){ .dir = flow->dir, .proto = tunnels[tunnel].proto[is_six(flow)] };
	outer->src = flow->dir == FLOW_IN ? there : here;
	outer->dst = flow->dir == FLOW_IN ? here : there;
	tunnel_set_iface(outer, trial_route_iface(&there));
	if (tunnels[tunnel].same_ends) {
		flow->src = outer->src;
		flow->dst = outer->dst;
	}
	tunnel_set_iface(flow, tunnels[tunnel].device ? tunnels[tunnel].device : outer->in);
	return true;
}

static bool same_pair(const struct flow *x, const struct flow *y)
{
	return (!memcmp(&x->src, &y->src, sizeof(x->src)) &&
		!memcmp(&x->dst, &y->dst, sizeof(x->dst))) ||
	       (!memcmp(&x->src, &y->dst, sizeof(x->src)) &&
		!memcmp(&x->dst, &y->src, sizeof(x->dst)));
}

bool tunnel_is_outer(const struct flow *flow)
{
	enum tunnel tunnel;
	struct flow outer;
	int six;

	for (tunnel = TUNNEL_NONE + 1; tunnel < TUNNELS; tunnel++)
		for (six = 0; six < FAMILIES; six++) {
			outer.src = tunnel_end(tunnel, six, HOST_A);
			outer.dst = tunnel_end(tunnel, six, HOST_B);
			if (flow->proto == tunnels[tunnel].proto[six] && same_pair(flow, &outer))
				return true;
		}
	return false;
}

/* What is known of a connection of outer packets. */
struct outer {
	const struct flow *first;
	bool answered;
};

static struct outer *find_outer(struct outer *known, const struct flow *flow)
{
	for (; known->first; known++)
		if (known->first->proto == flow->proto && same_pair(known->first, flow))
			return known;
	known->first = flow;
	return known;
}

static enum turn turn_of(struct outer *outer, enum flow_dir dir)
{
	if (outer->first->dir != dir) {
		outer->answered = true;
		return TURN_REPLY;
	}
	return outer->answered ? TURN_SECOND : TURN_FIRST;
}

void tunnel_order(struct trial *trials, size_t n)
{
	struct outer known[TUNNELS * FAMILIES + 1] = { { NULL, false } }, *outer;
	struct trial *t;
	enum turn turn;

	for (turn = 0; turn < TURNS; turn++)
		for (t = trials; t < trials + n; t++) {
			if (!t->tunnel || turn >= trial_turns(t))
				continue;
			outer = find_outer(known, &t->outer);
			t->outer_turn[turn] = turn_of(outer,
						      trial_comes(t, turn) ? FLOW_IN : FLOW_OUT);
		}
	for (t = trials; t < trials + n; t++)
		if (t->tunnel)
			t->outer = *find_outer(known, &t->outer)->first;
}
