/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_TOPOLOGY_H
#define GUEST_TOPOLOGY_H

#include "runner/util.h"

/*
 * Beside its address each host has one for the runner's probes (net/peer.c): 10.1.0.1 and
 * 10.1.0.101, fd01::1 and fd01::101. No packet leaves from these by itself.
 */
#define PROBE_HOSTS 100
#define PROBE_LOOPBACK6 "fd00::101"
#define TOPOLOGY_PROBES(dev, net, host)                     \
	"addr add 10." net ".0.10" host "/24 dev " dev "\n" \
	"addr add fd0" net "::10" host "/64 dev " dev " nodad preferred_lft 0\n"

/*
 * The commands for one end of a veth pair in network NET: HOST is its address there, PEER the other
 * end's. MACs repeat both, and the neighbour at the other end is permanent.
 */
#define TOPOLOGY_END(dev, net, host, peer)                                                        \
	"link set " dev " address 02:00:00:00:0" net ":0" host " up\n"                            \
	"addr add 10." net ".0." host "/24 dev " dev "\n"                                         \
	"addr add fd0" net "::" host "/64 dev " dev " nodad\n"                                    \
	"neigh replace 10." net ".0." peer " lladdr 02:00:00:00:0" net ":0" peer " dev " dev "\n" \
	"neigh replace fd0" net "::" peer " lladdr 02:00:00:00:0" net ":0" peer " dev " dev       \
	"\n" TOPOLOGY_PROBES(dev, net, host) "neigh replace 10." net ".0.10" peer                 \
					     " lladdr 02:00:00:00:0" net ":0" peer " dev " dev    \
					     "\n"                                                 \
					     "neigh replace fd0" net "::10" peer                  \
					     " lladdr 02:00:00:00:0" net ":0" peer " dev " dev    \
					     "\n"

/* A network namespace of a topology, and how to bring it up. */
struct netns {
	const char *name;
	const char
		*ip_batch; /* ip(8) commands, run in it once all namespaces of the topology exist */
	int (*after)(const struct netns *ns); /* called in it then; 0 or -errno; or NULL */
	bool forwards;
	const char *vrf; /* the device of the VRF that its sockets are bound to, or NULL */
	const char *client[2], *server[2]; /* where a client in it is, and its servers are; NULL: as
					      its topology says */
	int fd;                            /* -1 until built */
};

struct topology {
	const char *name;
	struct netns ns[4];                /* the last used one is followed by a NULL name */
	const char *client[2], *server[2]; /* addresses, IPv4 and IPv6 */
};

/* NULL: no such topology. */
struct topology *topology_find(const char *name);

/*
 * Builds it, once a boot. Returns NULL, or a text that says why it cannot be built and that the
 * caller frees. After a failure the caller must not go on: a part of it may be there.
 */
char *topology_build(struct topology *topo);

/* NULL: no such namespace in it. len: of name. */
struct netns *topology_ns(struct topology *topo, const char *name, size_t len);

/*
 * The addresses of a client and a server in these namespaces. If both are in one namespace, these
 * are loopback's, unless it says otherwise. v6: 0 IPv4, 1 IPv6.
 */
void topology_addresses(const struct topology *topo, const struct netns *client,
			const struct netns *server, int v6, const char *addresses[2]);

/* Calls fn for each namespace built so far. */
void netns_each(void (*fn)(struct netns *ns));

/* This process enters ns; netns_leave() returns to the first one. Both 0 or -errno. */
int netns_enter(const struct netns *ns);
int netns_leave(void);

#endif
