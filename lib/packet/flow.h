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
	struct net src, dst; /* of one family: single addresses; networks where no more is known */
	uint16_t sport, dport; /* host byte order; 0 where the protocol has none */
	/* empty: not known, but for what not_lo says */
	char in[IFNAMSIZ], out[IFNAMSIZ];
	bool not_lo;
	/* A TCP packet without a SYN that starts a flow, or a packet without a connection:
	 * nobody knows who is the server. */
	bool stray;
};

#endif
