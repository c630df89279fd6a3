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
#define INET_NONE 0

struct inet_outcome {
	unsigned int decision[DISPATCH_FAMILIES];
	int label; /* the label of every packet, an index of dispatch's labels; -1: it depends on
		      the packet */
};

struct inet_proto {
	uint8_t proto; /* IPPROTO_*; never 0 */
	/* as in struct dispatch_proto, but with outcomes instead of decisions; without the ports
	 * whose outcome is rest */
	struct dispatch_segment *v;
	size_t n;
	unsigned int rest;
};

struct inet_side {
	struct inet_outcome *outcomes;
	size_t n_outcomes;
	struct inet_proto *protos;
	size_t n_protos;
	unsigned int others; /* outcome for protocols without an entry */
	const struct plan_line *dflt;
};

/**
 * inet_compile - combine the two families of a side
 * @d:    the plan by ports
 * @side: the side
 * @both: where to; end it with inet_free(). Points into @d.
 */
void inet_compile(const struct dispatch *d, enum side side, struct inet_side *both);

/* The outcome for a protocol and port. */
unsigned int inet_find(const struct inet_side *both, uint8_t proto, uint16_t port);

/* Has the side no line other than the default? */
bool inet_is_empty(const struct inet_side *both);

/* Frees what is in it, and leaves it empty. */
void inet_free(struct inet_side *both);

#endif
