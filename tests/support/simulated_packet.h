/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUPPORT_SIMULATED_PACKET_H
#define SUPPORT_SIMULATED_PACKET_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "packet/net.h"
#include "xtables/chain.h"

#define SIMULATED_UNLABELED "system_u:object_r:unlabeled_t:s0"

/* The connection that a packet belongs to. */
struct simulated_conn {
	const char *label;
	const char *expected_by;
};

struct simulated_packet {
	const char *label;
	struct simulated_conn *conn; /* NULL: none */
	enum chain_state state;
	bool reply;
	struct net src, dst;
	uint16_t sport, dport;
	uint8_t proto;
	char in[IFNAMSIZ], out[IFNAMSIZ];
	bool syn;
	bool local; /* its address is this host's */
};

/**
 * simulated_packet_through - send a packet through the chains of a hook, as the kernel would
 * @set:  the chains
 * @hook: "INPUT", "OUTPUT" or "PREROUTING"
 * @p:    the packet; rules change its label and that of its connection
 *
 * Returns the packet's label at the end, or SIMULATED_UNLABELED if it has none.
 */
const char *simulated_packet_through(const struct chain_set *set, const char *hook,
				     struct simulated_packet *p);

/* Does a rule's interface, which may end in "+" for several, match this one? */
bool simulated_iface_is(const char *asked, const char *name);

#endif
