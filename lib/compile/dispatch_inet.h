/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_COMPILE_DISPATCH_INET_H
#define SECMARK2_COMPILE_DISPATCH_INET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compile/dispatch.h"

/* One side of a plan for rules that see packets of both families: the decisions of both families,
 * combined. */

/* The outcome without a line in either family. */
#define BOTH_NONE 0

struct both_outcome {
	unsigned int decision[DISPATCH_FAMILIES];
	int label; /* the label of every packet, an index of dispatch's labels; -1: it depends on
		      the packet */
};

struct both_proto {
	uint8_t proto; /* IPPROTO_*; never 0 */
	/* as in struct dispatch_proto, but with outcomes instead of decisions; without the ports
	 * whose outcome is rest */
	struct dispatch_segment *v;
	size_t n;
	unsigned int rest;
};

struct both_side {
	struct both_outcome *outcomes;
	size_t n_outcomes;
	struct both_proto *protos;
	size_t n_protos;
	unsigned int others; /* outcome for protocols without an entry */
	const struct plan_line *dflt;
};

/**
 * both_compile - combine the two families of a side
 * @d:    the plan by ports
 * @side: the side
 * @both: where to; end it with both_free(). Points into @d.
 */
void both_compile(const struct dispatch *d, enum side side, struct both_side *both);

/* The outcome for a protocol and port. */
unsigned int both_find(const struct both_side *both, uint8_t proto, uint16_t port);

/* Has the side no line other than the default? */
bool both_is_empty(const struct both_side *both);

/* Frees what is in it, and leaves it empty. */
void both_free(struct both_side *both);

#endif
