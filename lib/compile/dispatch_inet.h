/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_COMPILE_DISPATCH_INET_H
#define SECMARK2_COMPILE_DISPATCH_INET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compile/dispatch.h"

/* For rules that see packets of both families: one side of a plan, with what the families'
 * decisions come to together. */

/* The outcome that there is no line, in either family. */
#define BOTH_NONE 0

struct both_outcome {
	unsigned int decision[DISPATCH_FAMILIES];
	int label; /* what every packet gets, as an index of dispatch's labels; -1: it has to be
		      asked */
};

struct both_proto {
	uint8_t proto; /* IPPROTO_*; never 0 */
	/* as in struct dispatch_proto, but with outcomes for decisions; ports that get rest are not
	 * among them */
	struct dispatch_segment *v;
	size_t n;
	unsigned int rest;
};

struct both_side {
	struct both_outcome *outcomes;
	size_t n_outcomes;
	struct both_proto *protos;
	size_t n_protos;
	unsigned int others; /* outcome for protocols that have no entry */
	const struct plan_line *dflt;
};

/**
 * both_compile - put the two families of a side together
 * @d:    the plan by ports
 * @side: the side
 * @both: where to; end it with both_free(). Points into @d.
 */
void both_compile(const struct dispatch *d, enum side side, struct both_side *both);

/* The outcome for a protocol and port. */
unsigned int both_find(const struct both_side *both, uint8_t proto, uint16_t port);

/* Has the side no line, not counting the default? */
bool both_is_empty(const struct both_side *both);

/* Frees what is in it; it is empty then. */
void both_free(struct both_side *both);

#endif
