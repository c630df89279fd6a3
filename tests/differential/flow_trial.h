/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_TRIAL_H
#define SECMARK2_FLOW_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "packet/flow.h"

struct plan;

/* The packets that are sent of a flow, one after the other; of one that conntrack does not see, the
 * first. */
enum turn {
	TURN_FIRST,
	TURN_REPLY,
	TURN_SECOND, /* another one in the direction of the first */
	TURNS,
};

/*
 * A flow that is tried. A host's flow has its one interface as in and out; one with both ends here
 * is FLOW_OUT, through lo.
 */
struct trial {
	struct flow flow;    /* stray: nobody can see who is the server */
	unsigned int number; /* from 1 */
	bool untracked;      /* stray, and without a connection */
	bool foreign;        /* what comes from elsewhere brings a label, where it can */
};

/* The two hosts of flows.sh have each other's addresses. */
enum host { HOST_A, HOST_B, HOSTS };

extern const char *const host_names[HOSTS];

/* Numbers of a packet: what tells it from all others that are under way. */
#define PACKETS_OF(trials) (((trials) + 1) * 4)
unsigned int trial_packet(const struct trial *t, enum turn turn);

/* Does it have both ends here? */
bool trial_over_lo(const struct trial *t);

/* How many turns it has. */
unsigned int trial_turns(const struct trial *t);

/**
 * trials_random - flows that a plan has something to say about
 * @seed:   of random_below()
 * @plan:   with one line at least
 * @host:   where its rules are to be loaded
 * @trials: where to
 * @n:      how many, at most 16,000
 *
 * No two of them that conntrack sees have the same ends.
 */
void trials_random(unsigned int *seed, const struct plan *plan, enum host host,
		   struct trial *trials, size_t n);

#endif
