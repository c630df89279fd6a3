/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_TUNNEL_H
#define SECMARK2_FLOW_TUNNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "differential/flow_trial.h"

/* Empty for TUNNEL_NONE. */
const char *tunnel_name(enum tunnel tunnel);

/* Has the tunnel a device? The packets inside have an interface of their own then. */
bool tunnel_has_device(enum tunnel tunnel);

/* The number by which the receiver of an ESP packet knows its keys. */
uint32_t tunnel_spi(const struct trial *t);

/* The mark of a packet that enters the tunnel here: the number of the packet, and above that what
 * the policies of IPsec look for. */
uint32_t tunnel_mark(const struct trial *t, enum turn turn);

/**
 * tunnel_enter - change a flow from or to a host so that it goes through a tunnel
 * @t:      the flow; its addresses may change, too
 * @host:   the host
 * @tunnel: the tunnel
 *
 * Returns false, and changes nothing, if the tunnel does not take such a flow.
 */
bool tunnel_enter(struct trial *t, enum host host, enum tunnel tunnel);

/* Would conntrack take the flow for the outer packets of a tunnel? */
bool tunnel_is_outer(const struct flow *flow);

/* Finds out which of its outer packets starts each connection of outer packets, if the packets of
 * all flows are sent turn by turn. */
void tunnel_order(struct trial *trials, size_t n);

#endif
