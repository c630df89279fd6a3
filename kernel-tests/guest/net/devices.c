// SPDX-License-Identifier: GPL-2.0-only
/*
 * Networks with devices that stand between a host and its wire. Each is a network of its own, so
 * all have the same addresses:
 *
 *   vrf           client                          server
 *                +---------------+               +------------------------+
 *                | c0 10.1.0.1   |===== veth ====| s0 10.1.0.2   in blue, |
 *                |    fd01::1    |               |    fd01::2    a VRF    |
 *                +---------------+               +------------------------+
 *
 *   vrf-client    the same, but c0 is in the VRF
 *
 *   macvlan       client             host             server
 *   ipvlan-l2    +-------------+    +------------+   +------------------------------+
 *   ipvlan-l3    | c0 10.1.0.1 |====| h0         |---| s0 10.1.0.2  on h0, of that  |
 *   ipvlan-l3s   |    fd01::1  |    |  10.1.0.3  |   |    fd01::2   kind            |
 *                +-------------+    |  fd01::3   |   +------------------------------+
 *                                   +------------+
 *
 *   bridge        client             router                      server
 *                +-------------+    +-------------------+       +-------------+
 *                | c0 10.1.0.1 |====| r0    br0      r1 |=======| s0 10.1.0.2 |
 *                |    fd01::1  |    |    10.1.0.3       |       |    fd01::2  |
 *                +-------------+    |    fd01::3        |       +-------------+
 *                                   +-------------------+
 */
#include "net/devices.h"

#define ADDRESSES .client = { "10.1.0.1", "fd01::1" }, .server = { "10.1.0.2", "fd01::2" }

/* A neighbour whose MAC has the same end as its address. */
#define NEIGHBOUR(peer, mac, dev)                                                    \
	"neigh replace 10.1.0." peer " lladdr 02:00:00:00:01:0" mac " dev " dev "\n" \
	"neigh replace fd01::" peer " lladdr 02:00:00:00:01:0" mac " dev " dev "\n"

/* The server on a device above h0; "mac" is the end of the MAC that it is reached by. */
#define ABOVE(topo, type, mac, link)                                                          \
	{                                                                                     \
		.name = topo,                                                                 \
		.ns = { { .name = "client",                                                   \
			  .fd = -1,                                                           \
			  .ip_batch = "link set lo up\n"                                      \
				      "link add c0 type veth peer name h0 netns " topo        \
				      "-host\n" TOPOLOGY_END("c0", "1", "1", "3")             \
					      NEIGHBOUR("2", mac, "c0") },                    \
			{ .name = "host",                                                     \
			  .fd = -1,                                                           \
			  .ip_batch = "link set lo up\n" TOPOLOGY_END(                        \
				  "h0", "1", "3", "1") "link add s0 link h0 netns " topo      \
						       "-server type " type "\n" },           \
			{ .name = "server",                                                   \
			  .fd = -1,                                                           \
			  .ip_batch = "link set lo up\n" link "addr add 10.1.0.2/24 dev s0\n" \
				      "addr add fd01::2/64 dev s0 nodad\n" } },               \
		ADDRESSES,                                                                    \
	}

#define OWN_MAC "link set s0 address 02:00:00:00:01:02 up\n" NEIGHBOUR("1", "1", "s0")

struct topology device_topologies[] = {
	{
		.name = "vrf",
		.ns = {
			{ .name = "client", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add c0 type veth peer name s0 netns vrf-server\n"
				TOPOLOGY_END("c0", "1", "1", "2") },
			{ .name = "server", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add blue type vrf table 10\n"
				"link set blue up\n"
				"link set s0 master blue\n"
				TOPOLOGY_END("s0", "1", "2", "1"),
				.vrf = "blue",
				.client = { "10.1.0.2", "fd01::2" },
				.server = { "10.1.0.2", "fd01::2" } },
		},
		ADDRESSES,
	},
	{
		.name = "vrf-client",
		.ns = {
			{ .name = "client", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add c0 type veth peer name s0 netns vrf-client-server\n"
				"link add blue type vrf table 10\n"
				"link set blue up\n"
				"link set c0 master blue\n"
				TOPOLOGY_END("c0", "1", "1", "2"),
				.vrf = "blue" },
			{ .name = "server", .fd = -1, .ip_batch =
				"link set lo up\n"
				TOPOLOGY_END("s0", "1", "2", "1") },
		},
		ADDRESSES,
	},
	ABOVE("macvlan", "macvlan mode bridge", "2", OWN_MAC),
	ABOVE("ipvlan-l2", "ipvlan mode l2", "3", "link set s0 up\n" NEIGHBOUR("1", "1", "s0")),
	ABOVE("ipvlan-l3", "ipvlan mode l3", "3", "link set s0 up\n"),
	ABOVE("ipvlan-l3s", "ipvlan mode l3s", "3", "link set s0 up\n"),
	{
		.name = "bridge",
		.ns = {
			{ .name = "client", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add c0 type veth peer name r0 netns bridge-router\n"
				TOPOLOGY_END("c0", "1", "1", "2")
				NEIGHBOUR("3", "3", "c0") },
			{ .name = "router", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add r1 type veth peer name s0 netns bridge-server\n"
				"link add br0 type bridge\n"
				"link set r0 master br0 up\n"
				"link set r1 master br0 up\n"
				TOPOLOGY_END("br0", "1", "3", "1")
				NEIGHBOUR("2", "2", "br0"),
				.client = { "10.1.0.3", "fd01::3" },
				.server = { "10.1.0.2", "fd01::2" } },
			{ .name = "server", .fd = -1, .ip_batch =
				"link set lo up\n"
				TOPOLOGY_END("s0", "1", "2", "1")
				NEIGHBOUR("3", "3", "s0") },
		},
		ADDRESSES,
	},
	{ .name = NULL },
};
