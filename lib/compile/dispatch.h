/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_COMPILE_DISPATCH_H
#define SECMARK2_COMPILE_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/line.h"

struct plan;

enum dispatch_family {
	DISPATCH_IPV4,
	DISPATCH_IPV6,
	DISPATCH_FAMILIES,
};

/* Does a packet fit a line that has its protocol and port? */
enum dispatch_fit {
	DISPATCH_NEVER,     /* no packet of this family does */
	DISPATCH_SOMETIMES, /* it depends on an address or an interface */
	DISPATCH_ALWAYS,    /* there are no further conditions */
};

/*
 * What remains when protocol and port are known: the lines that may fit, in order. All but the last
 * one have conditions on addresses or interfaces. If the decision is final, the last one has none.
 */
struct dispatch_decision {
	const struct plan_line **lines;
	size_t n;
	bool final;
};

/* The decision without a line. */
#define DISPATCH_NONE 0

struct dispatch_segment {
	uint16_t lo, hi;       /* both are in it */
	unsigned int decision; /* index; not DISPATCH_NONE */
};

/* The ports of a protocol: sorted, disjoint; neighbours differ. No line covers the ports between
 * them. */
struct dispatch_proto {
	uint8_t proto; /* IPPROTO_*; 0: all protocols without an entry of their own */
	struct dispatch_segment *v;
	size_t n;
};

/* One side of one family. Defaults are not in decisions, because it depends on the packet where
 * they apply (flow.h, stray). */
struct dispatch_side {
	struct dispatch_proto
		*protos; /* in the order of known_protos; 0 is always there, and last */
	size_t n_protos;
	struct dispatch_decision *decisions;
	size_t n_decisions;
	const struct plan_line *dflt; /* or NULL */
};

/* A plan by ports. The lines belong to the plan, which has to live longer. */
struct dispatch {
	const struct plan *plan;
	struct dispatch_side side[SIDES][DISPATCH_FAMILIES];
	const char **labels; /* each context once */
	size_t n_labels;
	unsigned int *label_of; /* index of a line -> index of its context */
};

/* AF_INET, AF_INET6 */
int dispatch_af(enum dispatch_family family);

/* Judges from, to, interfaces, and whether the family has the protocol, but not the ports. */
enum dispatch_fit dispatch_fit(const struct plan_line *line, enum dispatch_family family);

/* The index of a side's decision on a protocol and port. A protocol without ports has port 0. */
unsigned int dispatch_find(const struct dispatch_side *side, uint8_t proto, uint16_t port);

/* The index of a line's context in labels[]. */
unsigned int dispatch_label(const struct dispatch *d, const struct plan_line *line);

/* Frees what is in it, and leaves it empty. */
void dispatch_free(struct dispatch *d);

#endif
