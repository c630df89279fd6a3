/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_EXPECT_H
#define SECMARK2_FLOW_EXPECT_H

#include <stdbool.h>

#include "differential/flow_trial.h"

struct plan;

/* The hooks where the test reads labels. */
enum hook {
	HOOK_PREROUTING,
	HOOK_INPUT,
	HOOK_FORWARD,
	HOOK_OUTPUT,
	HOOKS,
};

extern const char *const hook_names[HOOKS];

/* How the loaded rules treat packets of a known connection. */
struct manner {
	/* They always get its label, also in place of another one: nft, and the kernel module. */
	bool overwrites;
	/* Interfaces whose packets come without a label; may end in +. */
	const char (*fast)[IFNAMSIZ];
	size_t n_fast;
	/* On these, known packets of IPsec keep the label of their outer packet: the plan labels
	 * that by lines for all protocols only. */
	bool keeps_outer;
};

/* Is the interface one of them? */
bool manner_is_fast(const struct manner *m, const char *iface);

/**
 * expect_packet - the label that a packet of a flow has after a hook's rules
 * @plan:    the plan, for lookup()
 * @t:       the flow
 * @m:       how the rules treat it
 * @turn:    the packet
 * @hook:    the hook
 * @context: set to the label, which belongs to the plan, or to NULL for none
 *
 * Returns false if the packet does not pass the hook, or if its label there does not matter.
 */
bool expect_packet(const struct plan *plan, const struct trial *t, const struct manner *m,
		   enum turn turn, enum hook hook, const char **context);

/**
 * expect_outer - the label of the outer packet of a tunnel, in INPUT or OUTPUT
 * @plan: the plan
 * @t:    a flow that goes through a tunnel
 * @m:    how the rules treat it
 * @turn: the packet inside
 *
 * Returns the label, which belongs to the plan, or NULL for none.
 */
const char *expect_outer(const struct plan *plan, const struct trial *t, const struct manner *m,
			 enum turn turn);

/**
 * expect_session - the label that a packet of an open session has to have, so that the session
 * lives on
 * @plan:    the plan
 * @t:       the flow
 * @m:       how the rules treat it
 * @turn:    the packet
 * @hook:    the hook
 * @context: set to the label that the plan gives to a connection that its client opens by a SYN
 *
 * It does not depend on the backend, or on who sends the first packet after the rules are loaded.
 * Returns false if ports do not tell which end is the client, or if a line for servers fits the
 * client's port, or a line for forwarded packets fits only one direction of the session, or if the
 * packet keeps the label of its outer packet.
 */
bool expect_session(const struct plan *plan, const struct trial *t, const struct manner *m,
		    enum turn turn, enum hook hook, const char **context);

/* The label that its connection keeps; NULL for none. */
const char *expect_connection(const struct plan *plan, const struct trial *t);

/* The same, for that of the outer packets of its tunnel. */
const char *expect_outer_connection(const struct plan *plan, const struct trial *t);

#endif
