/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_FLOW_H
#define SECMARK2_PACKET_FLOW_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "packet/net.h"

enum flow_dir {
	FLOW_IN,      /* to this host */
	FLOW_OUT,     /* from this host */
	FLOW_FORWARD, /* through it */
};

/* The first packet of a flow, as the hook of its direction sees it. */
struct flow {
	enum flow_dir dir;
	uint8_t proto;       /* IPPROTO_* */
	struct net src, dst; /* of one family: addresses, or networks if the address is not known */
	uint16_t sport, dport; /* host byte order; 0 where the protocol has none */
	/* empty: not known; but see not_lo */
	char in[IFNAMSIZ], out[IFNAMSIZ];
	bool not_lo;
	bool any_iface; /* lines fit whatever interfaces they ask for */
	/* A TCP packet without SYN that starts a flow, or a packet without a connection:
	 * it is not known which end is the server. */
	bool stray;
};

/* The same flow with its ends and its interfaces swapped. Its direction stays as it is. */
struct flow flow_turned(const struct flow *flow);

#endif
