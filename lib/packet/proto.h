/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_PROTO_H
#define SECMARK2_PACKET_PROTO_H

#include <stdbool.h>
#include <stdint.h>

/* A protocol that has a name in plans. */
struct proto {
	const char *name;
	uint8_t number; /* IPPROTO_*; 0: any */
	bool has_ports; /* ports distinguish its flows */
	int family;     /* AF_INET or AF_INET6 if only that family has it; AF_UNSPEC: both */
};

/* All of them, in the order in which messages list them; ends with a NULL name. */
extern const struct proto known_protos[];

/* Finds a protocol by name or by number. Returns NULL if it has no name in plans. */
const struct proto *proto_find(const char *name);
const struct proto *proto_get(uint8_t number);

/* "tcp", "icmpv6", "any"; NULL for a protocol without a name in plans. */
const char *proto_name(uint8_t number);

/* Has the protocol ports? tcp, udp, sctp, dccp and udplite have. */
bool proto_has_ports(uint8_t number);

#endif
