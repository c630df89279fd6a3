/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_TRIAL_H
#define SECMARK2_FLOW_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "packet/flow.h"

struct plan;

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

/* Returns how many turns it has. */
unsigned int trial_turns(const struct trial *t);

/**
 * trials_random - make random flows that a plan may label
 * @seed:   for random_below()
 * @plan:   a plan of at least one line
 * @host:   the host whose rules will be loaded
 * @trials: where to write them
 * @n:      how many, at most 16,000
 *
 * Two flows that conntrack sees never have the same ends.
 */
void trials_random(unsigned int *seed, const struct plan *plan, enum host host,
		   struct trial *trials, size_t n);

#endif
