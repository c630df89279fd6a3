/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_PACKET_H
#define SECMARK2_FLOW_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "differential/flow_trial.h"

#define PACKET_MAX 192

/* The times to live by which flows.sh recognizes our packets. Packets with others are not ours. */
enum {
	TTL_OURS = 70,
	TTL_UNTRACKED = 1,     /* added */
	TTL_FOREIGN = 2,       /* added: the packet gets a label before it arrives */
	TTL_OUTER = 74,        /* the outer packet of a tunnel */
	TTL_OUTER_FOREIGN = 1, /* added, as above */
	TTL_CALIBRATION = 79,
};

/**
 * packet_build - build a packet of a flow
 * @t:    the flow
 * @turn: which packet
 * @ttl:  see above
 * @data: where to write it, from the IP header on, as much as conntrack looks at. Its number is its
 *        identification (IPv4) or flow label (IPv6). Only the header's checksum is right
 *
 * Returns its length.
 */
size_t packet_build(const struct trial *t, enum turn turn, unsigned int ttl,
		    uint8_t data[PACKET_MAX]);

/* The same, inside the outer packet of its tunnel, whose time to live is @outer_ttl. */
size_t packet_build_outer(const struct trial *t, enum turn turn, unsigned int ttl,
			  unsigned int outer_ttl, uint8_t data[PACKET_MAX]);

/* Where the socket waits for the packet below, in each host: the address and the port of UDP. */
#define ESP_BARRIER_ADDRESS "192.168.254.1"
#define ESP_BARRIER_PORT 9

/* Builds a packet of UDP in ESP in transport mode, of no flow. Once the kernel has taken it out, it
 * has taken out all that came before. */
size_t packet_build_barrier(uint8_t data[PACKET_MAX]);

#endif
