/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_EXPECT_H
#define SECMARK2_FLOW_EXPECT_H

#include <stdbool.h>

#include "differential/flow_trial.h"

struct plan;

/* Where labels are looked at. */
enum hook {
	HOOK_PREROUTING,
	HOOK_INPUT,
	HOOK_FORWARD,
	HOOK_OUTPUT,
	HOOKS,
};

extern const char *const hook_names[HOOKS];

/* How the rules that are loaded treat packets of a known connection. */
struct manner {
	/* They get its label, whatever they brought along: nft, and the kernel module. */
	bool overwrites;
	/* Interfaces whose packets bring no label; may end in +. */
	const char (*fast)[IFNAMSIZ];
	size_t n_fast;
};

/* Is the interface one of them? */
bool manner_is_fast(const struct manner *m, const char *iface);

/**
 * expect_packet - what label a packet of a flow has behind a hook's rules
 * @plan:    the plan, of which lookup() is asked
 * @t:       the flow
 * @m:       how the rules do it
 * @turn:    which packet
 * @hook:    where
 * @context: the label, which is the plan's; NULL for none
 *
 * Returns false if it does not come by there, or if what it has there does not matter.
 */
bool expect_packet(const struct plan *plan, const struct trial *t, const struct manner *m,
		   enum turn turn, enum hook hook, const char **context);

/* The label that its connection keeps; NULL for none. */
const char *expect_connection(const struct plan *plan, const struct trial *t);

#endif
