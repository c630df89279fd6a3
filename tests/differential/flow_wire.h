/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_WIRE_H
#define SECMARK2_FLOW_WIRE_H

#include <stdbool.h>

#include "differential/flow_expect.h"
#include "differential/flow_trial.h"

struct wires;

/*
 * The network namespaces of flows.sh, and a socket for each way into and out of a host. The process
 * stays on one processor from here on. It ends on failure.
 */
struct wires *wires_open(void);
void wires_close(struct wires *w);

/* The process goes to a host, or to where packets for hosts come from. */
void wires_enter(const struct wires *w, enum host host);
void wires_enter_world(const struct wires *w);

/* Sends a packet of a flow: what comes to the host from elsewhere, what leaves it as its own. */
void wires_send(const struct wires *w, enum host host, const struct trial *t,
		const struct manner *m, enum turn turn);

/* Sends one to nobody, which gets the label of that number on its way. */
void wires_calibrate(const struct wires *w, unsigned int label);

/* Waits until all that was sent has arrived, or is gone. */
void wires_settle(const struct wires *w);

#endif
