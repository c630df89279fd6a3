/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_PACKET_H
#define SECMARK2_FLOW_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "differential/flow_trial.h"

#define PACKET_MAX 128

/* What flows.sh tells packets by, in their time to live; all other ones are none of ours. */
enum {
	TTL_OURS = 70,
	TTL_UNTRACKED = 1, /* added */
	TTL_FOREIGN = 2,   /* added: gets a label before it comes */
	TTL_CALIBRATION = 79,
};

/**
 * packet_build - a packet of a flow
 * @t:    the flow
 * @turn: which one
 * @ttl:  see above
 * @data: where to: what conntrack wants to see, from the IP header on. Its number is its
 * identification (IPv4) or flow label (IPv6). Of checksums only the header's is right
 *
 * Returns its length.
 */
size_t packet_build(const struct trial *t, enum turn turn, unsigned int ttl,
		    uint8_t data[PACKET_MAX]);

#endif
