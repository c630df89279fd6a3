/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_TUNNEL_H
#define SECMARK2_PACKET_TUNNEL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The protocols of packets that carry other packets, in the order of their numbers; a 0 ends them.
 * An outer packet leaves this host with the label of the packet inside: default lines do not
 * replace it. A tunnel over UDP is not among them, because its ports may be those of any program.
 */
extern const uint8_t tunnel_protos[];

/* Is it one of them? */
bool tunnel_has_proto(uint8_t proto);

/* Is it one of IPsec? Its packets have no interface of their own when they are taken out. */
bool tunnel_is_ipsec(uint8_t proto);

#endif
