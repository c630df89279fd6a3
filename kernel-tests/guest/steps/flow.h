/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_FLOW_H
#define GUEST_FLOW_H

struct flow;

/* Stops it if it still goes on; NULL is fine. */
void flow_free(struct flow *flow);

#endif
