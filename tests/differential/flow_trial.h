/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_TRIAL_H
#define SECMARK2_FLOW_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "packet/flow.h"

struct plan;

/* The tunnels that end on each host. */
enum tunnel {
	TUNNEL_NONE,
	TUNNEL_GRE,
	TUNNEL_IPIP,      /* IPv4 or IPv6 in IPv4 */
	TUNNEL_ESP,       /* IPsec in transport mode */
	TUNNEL_ESP_WHOLE, /* ... in tunnel mode */
	TUNNELS,
};

/* The packets of a flow, in the order in which they are sent. If conntrack does not see the flow,
 * only the first is sent. */
enum turn {
	TURN_FIRST,
	TURN_REPLY,
	TURN_SECOND, /* another one in the direction of the first */
	TURNS,
};

/*
 * A flow to test. A host's flow has the same interface as in and out. A flow with both ends here is
 * FLOW_OUT, through lo or a VRF.
 */
struct trial {
	struct flow flow;    /* stray: nobody can see who is the server */
	unsigned int number; /* from 1 */
	bool untracked;      /* stray, and without a connection */
	bool vrf;            /* both ends are in the VRF of its interface, instead of on lo */
	bool foreign;        /* packets from elsewhere come with a label, if they can */
	enum tunnel tunnel;  /* its packets go through this tunnel, which ends here */
	/* The connection of its outer packets, which other flows may share, and which packet of it
	 * each of them is. One is TURN_FIRST as long as there was no answer. */
	struct flow outer;
	enum turn outer_turn[TURNS];
};

/* The two hosts of flows.sh have each other's addresses. */
enum host { HOST_A, HOST_B, HOSTS };

/* The VRF of each host. */
#define FLOW_VRF "blue"

extern const char *const host_names[HOSTS];

/* A packet's number is different from that of all other packets under way. */
#define PACKETS_OF(trials) (((trials) + 1) * 4)
unsigned int trial_packet(const struct trial *t, enum turn turn);

/* Does it have both ends here, on lo or in a VRF? */
bool trial_over_lo(const struct trial *t);

/* Does that packet come from elsewhere, and not over lo or within a VRF? */
bool trial_comes(const struct trial *t, enum turn turn);

/* The interface through which flows.sh routes packets to an address of the other host. */
const char *trial_route_iface(const struct net *dst);

/* Returns how many turns it has. */
unsigned int trial_turns(const struct trial *t);

/**
 * trials_random - make random flows that a plan may label
 * @seed:   for random_below()
 * @plan:   a plan of at least one line
 * @host:   the host whose rules will be loaded
 * @nft:    by nft
 * @trials: where to write them
 * @n:      how many, at most 16,000
 *
 * Two flows that conntrack sees never have the same ends.
 */
void trials_random(unsigned int *seed, const struct plan *plan, enum host host, bool nft,
		   struct trial *trials, size_t n);

#endif
