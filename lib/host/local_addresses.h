/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_LOCAL_ADDRESSES_H
#define SECMARK2_HOST_LOCAL_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "packet/net.h"

struct err;

/* The addresses of this host, as its routes have them: also those that no interface has. Starts as
 * zeros. */
struct local_nets {
	struct net *own, *shared; /* broadcast and anycast; multicast is not in it */
	size_t n_own, n_shared;
};

/**
 * local_nets_read - read the addresses of this network namespace
 * @l:   where to; end it with local_nets_free(), also after a failure
 * @err: filled on failure
 *
 * Returns 0, or -errno.
 */
int local_nets_read(struct local_nets *l, struct err *err);

/* Adds one to those that are the host's own, or that it shares with others. */
void local_nets_add(struct local_nets *l, bool own, const struct net *net);

/* Is a packet from there one of this host? */
bool local_nets_sends(const struct local_nets *l, const struct net *address);

/* Is a packet to there for this host, and maybe for others too? */
bool local_nets_receives(const struct local_nets *l, const struct net *address);

/* Frees what is in it; it is empty then. */
void local_nets_free(struct local_nets *l);

#endif
