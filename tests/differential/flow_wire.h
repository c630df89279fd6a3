/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_WIRE_H
#define SECMARK2_FLOW_WIRE_H

#include <stdbool.h>

#include "differential/flow_expect.h"
#include "differential/flow_trial.h"

struct wires;

/*
 * Opens the network namespaces of flows.sh, and a socket for each way into and out of a host. From
 * then on the process stays on one processor. Ends the process on failure.
 */
struct wires *wires_open(void);
void wires_close(struct wires *w);

/* The process enters the namespace of a host, or that of the world. */
void wires_enter(const struct wires *w, enum host host);
void wires_enter_world(const struct wires *w);

/* Sends a packet of a flow: from the world if it comes in, from the host if it goes out. */
void wires_send(const struct wires *w, enum host host, const struct trial *t,
		const struct manner *m, enum turn turn);

/* Sends a packet that gets the label of that number on its way. No socket receives it. */
void wires_calibrate(const struct wires *w, unsigned int label);

/* Waits until all packets have arrived, or are lost. */
void wires_settle(const struct wires *w);

#endif
