/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_LOCAL_SOCKETS_H
#define SECMARK2_HOST_LOCAL_SOCKETS_H

#include <stddef.h>

struct conntrack_tuple;
struct host_socket;
struct host_sockets;
struct local_addresses;

/* Finds the sockets of connections. Starts as zeros. */
struct local_sockets {
	const struct host_sockets *sockets;
	const struct local_addresses *addresses;
	size_t *order; /* the numbers of those with place 0, apart from raw ones, sorted by protocol
			* and ends */
	size_t n;
};

/* Makes it. The sockets and the addresses of this host have to live as long, and must not change.
 * Free it with local_sockets_free(). */
void local_sockets_init(struct local_sockets *l, const struct host_sockets *sockets,
			const struct local_addresses *addresses);

/**
 * local_sockets_find - which socket of this host has a connection?
 * @l:     the sockets
 * @orig:  the packets of who began it
 * @reply: the answers; with NAT they differ in more than direction
 *
 * One that is connected to the other end, or else, of UDP and UDP-Lite, one that is connected to
 * nobody. That one has only connections of this host's addresses: forwarded packets may have its
 * port. Several sockets can share a port: then it is one of those with the nearest address. Over
 * loopback a connection has two sockets: among the connected ones, and among the others, the one
 * that began it comes first.
 *
 * Returns it, or NULL.
 */
const struct host_socket *local_sockets_find(const struct local_sockets *l,
					     const struct conntrack_tuple *orig,
					     const struct conntrack_tuple *reply);

/* Frees what is in it, and leaves it empty. */
void local_sockets_free(struct local_sockets *l);

#endif
