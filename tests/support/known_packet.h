/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUPPORT_KNOWN_PACKET_H
#define SUPPORT_KNOWN_PACKET_H

struct flow;
struct plan;
struct plan_line;

/* Where rules look up a packet of a known connection by itself. */
enum known_packet {
	KNOWN_IN,       /* it arrives, in the direction of the connection */
	KNOWN_LO,       /* the same, over lo */
	KNOWN_REPLY_IN, /* it arrives, against that direction */
	KNOWN_REPLY_LO, /* it leaves over lo, against that direction */
	KNOWN_FORWARD,
	KNOWN_REPLY_FORWARD,
};

/**
 * known_packet_line - the line for such a packet
 * @plan: the plan
 * @flow: the first packet of the connection; forwarded: with both interfaces
 * @kind: which packet, and where
 *
 * How a connection started cannot be asked; ports may tell that the server sent its first packet.
 *
 * Returns the line, or NULL for none.
 */
const struct plan_line *known_packet_line(const struct plan *plan, const struct flow *flow,
					  enum known_packet kind);

#endif
