/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_PROTO_H
#define SECMARK2_PACKET_PROTO_H

#include <stdbool.h>
#include <stdint.h>

/* A protocol that plans have a word for. */
struct plan_proto {
	const char *name;
	uint8_t number; /* IPPROTO_*; 0: any */
	bool has_ports; /* its flows can be told apart by ports */
	int family;     /* AF_INET, AF_INET6: the only one that has it; AF_UNSPEC: both */
};

/* All of them, in the order in which messages list them; ends with a NULL name. */
extern const struct plan_proto plan_protos[];

/* By name, or by number; NULL for one that plans have no word for. */
const struct plan_proto *plan_proto_find(const char *name);
const struct plan_proto *plan_proto_get(uint8_t number);

/* "tcp", "icmpv6", "any"; NULL for a protocol that plans have no word for. */
const char *plan_proto_name(uint8_t number);

/* May flows of this protocol be told apart by ports? tcp udp sctp dccp udplite */
bool plan_proto_has_ports(uint8_t number);

#endif
