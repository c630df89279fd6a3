/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_PROTO_H
#define SECMARK2_PACKET_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 3931; netinet/in.h has no name for it. */
#define PROTO_L2TP 115

/* A protocol, as plans name it. */
struct proto {
	const char *name; /* a plan with this name means the same protocol on every machine */
	uint8_t number;   /* IPPROTO_*; 0: any */
	bool has_ports;   /* ports distinguish its flows */
	int family;       /* AF_INET or AF_INET6 if only that family has it; AF_UNSPEC: both */
};

/* The protocols with a name of their own, in the order in which messages list them; ends with a
 * NULL name. */
extern const struct proto known_protos[];

/* The other ones are named by number: "proto-200". */
#define PROTO_BY_NUMBER "proto-"

/**
 * proto_find - find a protocol by the name that a plan has for it
 * @name: a name of known_protos, "proto-" with a number from 1 to 255, or a name of protocols(5) in
 *        small letters
 *
 * Names of known_protos come first, because protocols(5) differs between machines, and gives "ipip"
 * to another protocol than the tunnels of Linux.
 *
 * Returns NULL if there is no such protocol, or if rules cannot tell it (proto_is_hidden()).
 */
const struct proto *proto_find(const char *name);

/* The protocol with a number; 0: any. */
const struct proto *proto_get(uint8_t number);

/* The protocol with the name in known_protos, or NULL. These names are keywords of plans. */
const struct proto *proto_known(const char *name);

/* The number of a protocol in iptables-save's output: a name of its own, of known_protos or of
 * protocols(5), or a number; 0: all. Returns -1 for anything else. */
int proto_of_iptables(const char *name);

/* "tcp", "icmpv6", "any", "proto-200" */
const char *proto_name(uint8_t number);

/* Has the protocol ports? tcp, udp, sctp, dccp and udplite have. */
bool proto_has_ports(uint8_t number);

/* Is it one that rules cannot tell? iptables takes 0 for all protocols. The others are extension
 * headers of IPv6, which rules skip to find the protocol (ipv6_ext_hdr(),
 * net/ipv6/exthdrs_core.c). */
bool proto_is_hidden(uint8_t number);

/* All protocols in the order in which rules ask for them: the ones with ports, the others, and
 * "any" (0) last. @i: from 0 to 255. */
uint8_t proto_in_order(unsigned int i);

#endif
