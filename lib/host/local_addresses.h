/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_LOCAL_ADDRESSES_H
#define SECMARK2_HOST_LOCAL_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "packet/net.h"

struct err;

/* The addresses of this host, read from its routes: they include addresses that no interface has.
 * Starts as zeros. */
struct local_addresses {
	struct net *own, *shared; /* broadcast and anycast; multicast is not in it */
	size_t n_own, n_shared;
	bool sorted; /* and no network is in another one of its list */
};

/**
 * local_addresses_read - read the addresses of this network namespace
 * @l:   where to; end it with local_addresses_free(), also after a failure
 * @err: filled on failure
 *
 * Returns 0, or -errno.
 */
int local_addresses_read(struct local_addresses *l, struct err *err);

/* Adds a network to the host's own addresses, or to the ones that it shares with others. */
void local_addresses_add(struct local_addresses *l, bool own, const struct net *net);

/* Makes the questions below fast for thousands of addresses. local_addresses_read() has done it. */
void local_addresses_sort(struct local_addresses *l);

/* Does this host send packets from this address? */
bool local_addresses_sends(const struct local_addresses *l, const struct net *address);

/* Does this host receive packets to this address, alone or with others? */
bool local_addresses_receives(const struct local_addresses *l, const struct net *address);

/* Frees what is in it, and leaves it empty. */
void local_addresses_free(struct local_addresses *l);

#endif
