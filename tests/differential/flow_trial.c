// SPDX-License-Identifier: GPL-2.0-only
#include "differential/flow_trial.h"

#include <string.h>

#include "differential/flow_tunnel.h"
#include "host/conntrack.h"
#include "packet/proto.h"
#include "plan/plan.h"
#include "support/random_plan.h"

enum kind { KIND_IN, KIND_OUT, KIND_LO, KIND_FORWARD, KINDS };

const char *const host_names[HOSTS] = { [HOST_A] = "a", [HOST_B] = "b" };

unsigned int trial_packet(const struct trial *t, enum turn turn)
{
	return t->number * 4 + turn;
}

bool trial_over_lo(const struct trial *t)
{
	return t->flow.dir == FLOW_OUT && (t->vrf || !strcmp(t->flow.out, "lo"));
}

bool trial_comes(const struct trial *t, enum turn turn)
{
	return t->flow.dir == FLOW_FORWARD ||
	       (!trial_over_lo(t) && (t->flow.dir == FLOW_IN) == (turn != TURN_REPLY));
}

unsigned int trial_turns(const struct trial *t)
{
	return t->untracked ? 1 : TURNS;
}

static unsigned int last_byte(const struct net *address)
{
	return address->addr[net_bits(address->family) / 8 - 1];
}

static bool is_loopback(const struct net *address)
{
	static const uint8_t one[16] = { [15] = 1 };

	return address->family == AF_INET ? address->addr[0] == 127 :
					    !memcmp(address->addr, one, sizeof(one));
}

/* The addresses that flows.sh assigns differ in the last byte. */
static bool is_of_host(const struct net *address, enum host host)
{
	unsigned int last = last_byte(address);

	return !is_loopback(address) && (last == 3 || last == 1 || last == 7) == (host == HOST_A);
}

const char *trial_route_iface(const struct net *dst)
{
	static const char *const ifaces[] = { "eth0", "eth1", "veth0", "wlan0" };

	return ifaces[last_byte(dst) / 2 % 4];
}

static enum kind random_kind(unsigned int *seed, const struct plan *plan)
{
	bool host = plan_has_side(plan, SIDE_SERVER) || plan_has_side(plan, SIDE_CLIENT);
	enum kind kind;

	/* if no line is for the hosts' own flows, or none for forwarded ones, there may be no rules
	 * for them either */
	do {
		kind = random_below(seed, KINDS);
	} while ((kind == KIND_FORWARD ? !plan_has_side(plan, SIDE_FORWARD) : !host) ||
		 (kind == KIND_LO && !plan->loopback));
	return kind;
}

static bool is_here(const struct net *address, enum host host)
{
	return is_loopback(address) || is_of_host(address, host);
}

static bool ends_fit(enum kind kind, enum host host, const struct flow *flow)
{
	bool near = !is_loopback(&flow->src) && !is_loopback(&flow->dst);
	bool src = is_here(&flow->src, host), dst = is_here(&flow->dst, host);

	switch (kind) {
	case KIND_IN:
		return near && !src && dst;
	case KIND_OUT:
		return near && src && !dst;
	case KIND_LO:
		return src && dst;
	default:
		return near && !src && !dst && memcmp(&flow->src, &flow->dst, sizeof(flow->src));
	}
}

/* Changes a random flow to the given kind. Returns false if that is impossible. */
static bool make_kind(enum kind kind, enum host host, struct flow *flow)
{
	const char *iface = flow->dir == FLOW_OUT ? flow->out : flow->in;

	if ((flow->proto == IPPROTO_ICMP && flow->src.family != AF_INET) ||
	    (flow->proto == IPPROTO_ICMPV6 && flow->src.family != AF_INET6))
		return false;
	if (!ends_fit(kind, host, flow) || (!strcmp(iface, "lo")) != (kind == KIND_LO))
		return false;
	flow->dir = kind == KIND_IN ? FLOW_IN : kind == KIND_FORWARD ? FLOW_FORWARD : FLOW_OUT;
	memmove(flow->in, iface, sizeof(flow->in));
	memmove(flow->out, flow->in, sizeof(flow->out));
	if (kind == KIND_FORWARD)
		strcpy(flow->out, trial_route_iface(&flow->dst));
	return kind != KIND_FORWARD || strcmp(flow->in, flow->out);
}

static bool same_ends(const struct flow *x, const struct net *src, const struct net *dst,
		      uint16_t sport, uint16_t dport)
{
	return !memcmp(&x->src, src, sizeof(*src)) && !memcmp(&x->dst, dst, sizeof(*dst)) &&
	       x->sport == sport && x->dport == dport;
}

/* Would conntrack take one for the other, or for its answer? */
static bool same_connection(const struct trial *x, const struct trial *y)
{
	const struct flow *f = &y->flow;

	/* these have a number of their own */
	if (x->untracked || y->untracked || x->flow.proto != f->proto || f->proto == IPPROTO_ICMP ||
	    f->proto == IPPROTO_ICMPV6)
		return false;
	return same_ends(&x->flow, &f->src, &f->dst, f->sport, f->dport) ||
	       same_ends(&x->flow, &f->dst, &f->src, f->dport, f->sport);
}

/* Without ports the kernel takes several flows for one. apply warns of that. */
static bool is_told(uint8_t proto)
{
	static signed char told[256]; /* 0: not asked */

	if (!told[proto])
		told[proto] = !proto_has_ports(proto) || conntrack_tells_ports(proto) ? 1 : -1;
	return told[proto] > 0;
}

/* A connection to itself has no direction. */
static bool is_new(const struct trial *trials, const struct trial *t)
{
	const struct flow *f = &t->flow;

	if (!is_told(f->proto) || tunnel_is_outer(f))
		return false;
	if (!t->untracked && same_ends(f, &f->dst, &f->src, f->dport, f->sport))
		return false;
	for (; trials < t; trials++)
		if (same_connection(trials, t))
			return false;
	return true;
}

/* Only TCP can start in the middle; other packets are stray if they have no connection. */
static void make_stray(unsigned int *seed, struct trial *t)
{
	t->untracked = t->flow.stray && (t->flow.proto != IPPROTO_TCP || random_below(seed, 2));
	t->foreign = random_below(seed, 2);
}

/* A session that was open before the rules: either end sends the first packet. Ports tell which one
 * is the client. */
static void make_session(unsigned int *seed, const struct plan *plan, struct flow *flow)
{
	uint16_t client = plan->client_ports.lo + random_below(seed, 20);
	uint16_t server = plan->client_ports.lo - 1 - random_below(seed, 19);
	bool first = random_below(seed, 2);

	flow->proto = IPPROTO_TCP;
	flow->stray = true;
	flow->sport = first ? client : server;
	flow->dport = first ? server : client;
}

/* A VRF has the addresses of its host, but not those of lo. A packet that leaves by it passes
 * OUTPUT before its connection is known, and the stock targets cannot take back a label that was
 * guessed then. So a session that is older than the rules may differ from one over lo. Forward
 * lines of iptables label connections within a VRF, too; apply warns of that. */
static void move_to_vrf(struct trial *t, const struct plan *plan, bool nft)
{
	if (t->flow.stray || (!nft && plan_has_side(plan, SIDE_FORWARD)) || !trial_over_lo(t) ||
	    is_loopback(&t->flow.src) || is_loopback(&t->flow.dst))
		return;
	t->vrf = true;
	strcpy(t->flow.in, FLOW_VRF);
	strcpy(t->flow.out, FLOW_VRF);
}

void trials_random(unsigned int *seed, const struct plan *plan, enum host host, bool nft,
		   struct trial *trials, size_t n)
{
	enum kind kind;
	size_t i;

	for (i = 0; i < n; i++) {
		trials[i] = (struct trial){ .number = i + 1 };
		kind = random_kind(seed, plan);
		do {
			do {
				random_flow(seed, &trials[i].flow);
			} while (!make_kind(kind, host, &trials[i].flow));
			make_stray(seed, &trials[i]);
			if (random_below(seed, 4) == 0) {
				make_session(seed, plan, &trials[i].flow);
				trials[i].untracked = false;
			}
			trials[i].vrf = false;
			trials[i].tunnel = TUNNEL_NONE;
			if (random_below(seed, 2))
				move_to_vrf(&trials[i], plan, nft);
			if (random_below(seed, 3) == 0)
				tunnel_enter(&trials[i], host, 1 + random_below(seed, TUNNELS - 1));
		} while (!is_new(trials, &trials[i]));
	}
	tunnel_order(trials, n);
}
