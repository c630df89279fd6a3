// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two hosts with a tunnel between them:
 *
 *   client                          server
 *  +---------------+               +---------------+
 *  | c0 10.6.0.1   |===== veth ====| s0 10.6.0.2   |   outer packets
 *  |    fd06::1    |               |    fd06::2    |
 *  | t0 10.7.0.1   |- - tunnel - - | t0 10.7.0.2   |   packets inside
 *  |    fd07::1    |               |    fd07::2    |
 *  +---------------+               +---------------+
 *
 * With IPsec there is no t0: the packets of c0 and s0 go through the tunnel.
 */
#include "net/tunnels.h"

#include "net/udp_tunnels.h"

/* Security associations for both families and directions; MODE ends with the keys. */
#define SA_ONE(a, b, spi, what) "xfrm state add src " a " dst " b " spi " spi " " what "\n"
#define SAS(what)                                     \
	SA_ONE("10.6.0.1", "10.6.0.2", "0x200", what) \
	SA_ONE("10.6.0.2", "10.6.0.1", "0x201", what) \
	SA_ONE("fd06::1", "fd06::2", "0x300", what)   \
	SA_ONE("fd06::2", "fd06::1", "0x301", what)
#define SAS4(what)                                    \
	SA_ONE("10.6.0.1", "10.6.0.2", "0x200", what) \
	SA_ONE("10.6.0.2", "10.6.0.1", "0x201", what)

#define POLICY_ONE(a, b, dir, tmpl) \
	"xfrm policy add src " a " dst " b " dir " dir " tmpl src " a " dst " b " " tmpl "\n"
#define POLICIES(to, from, tmpl)                       \
	POLICY_ONE("10.6.0.1", "10.6.0.2", to, tmpl)   \
	POLICY_ONE("10.6.0.2", "10.6.0.1", from, tmpl) \
	POLICY_ONE("fd06::1", "fd06::2", to, tmpl)     \
	POLICY_ONE("fd06::2", "fd06::1", from, tmpl)

#define AUTH "auth sha1 0x0123456789012345678901234567890123456789"
#define NO_CIPHER "enc cipher_null \"\" "

/* Both hosts: what ip does in each after the veth is there, and the number of their addresses. */
#define BOTH(topo, net, client_ip, server_ip, then)                                            \
	{                                                                                      \
		.name = topo,                                                                  \
		.ns = { { .name = "client",                                                    \
			  .fd = -1,                                                            \
			  .ip_batch = "link set lo up\n"                                       \
				      "link add c0 type veth peer name s0 netns " topo         \
				      "-server\n" TOPOLOGY_END("c0", "6", "1", "2") client_ip, \
			  .after = then },                                                     \
			{ .name = "server",                                                    \
			  .fd = -1,                                                            \
			  .ip_batch = "link set lo up\n" TOPOLOGY_END("s0", "6", "2", "1")     \
				  server_ip,                                                   \
			  .after = then } },                                                   \
		.client = { "10." net ".0.1", "fd0" net "::1" },                               \
		.server = { "10." net ".0.2", "fd0" net "::2" },                               \
	}

/* The same associations, and opposite policies. */
#define IPSEC(topo, sas, tmpl, then) \
	BOTH(topo, "6", sas POLICIES("out", "in", tmpl), sas POLICIES("in", "out", tmpl), then)

/* Neighbours in the tunnel are permanent where it has any. */
#define INSIDE(host)                                \
	"addr add 10.7.0." host "/24 dev t0\n"      \
	"addr add fd07::" host "/64 dev t0 nodad\n" \
	"link set t0 up\n"

/* Both ends of a device t0; HOW says what it is, from here to there. */
#define DEVICE(topo, how_client, how_server, after_client, after_server, then)   \
	BOTH(topo, "7", "link add t0 " how_client "\n" INSIDE("1") after_client, \
	     "link add t0 " how_server "\n" INSIDE("2") after_server, then)

#define MAC(host) "02:00:00:00:07:0" host
#define NEIGHBOUR(host, peer)                                                             \
	"link set t0 address " MAC(host) "\n"                                             \
					 "neigh replace 10.7.0." peer                     \
					 " lladdr " MAC(peer) " dev t0\n"                 \
							      "neigh replace fd07::" peer \
							      " lladdr " MAC(peer) " dev t0\n"

struct topology tunnel_topologies[] = {
	IPSEC("esp", SAS("proto esp mode transport " NO_CIPHER AUTH),
	      "proto esp mode transport level required", NULL),
	IPSEC("esp-tunnel", SAS("proto esp mode tunnel " NO_CIPHER AUTH),
	      "proto esp mode tunnel level required", NULL),
	IPSEC("ah", SAS("proto ah mode transport " AUTH), "proto ah mode transport level required",
	      NULL),
	IPSEC("esp-in-udp",
	      SAS4("proto esp mode transport " NO_CIPHER AUTH " encap espinudp 4500 4500 0.0.0.0"),
	      "proto esp mode transport level required", udp_tunnel_esp),
	DEVICE("gre", "type gre local 10.6.0.1 remote 10.6.0.2",
	       "type gre local 10.6.0.2 remote 10.6.0.1", "", "", NULL),
	DEVICE("ipip", "type sit mode any local 10.6.0.1 remote 10.6.0.2",
	       "type sit mode any local 10.6.0.2 remote 10.6.0.1", "", "", NULL),
	DEVICE("vxlan", "type vxlan id 7 local 10.6.0.1 remote 10.6.0.2 dstport 4789",
	       "type vxlan id 7 local 10.6.0.2 remote 10.6.0.1 dstport 4789", NEIGHBOUR("1", "2"),
	       NEIGHBOUR("2", "1"), NULL),
	DEVICE("wireguard", "type wireguard", "type wireguard", "", "", udp_tunnel_wireguard),
	{ .name = NULL },
};
