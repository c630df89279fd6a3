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

/* What a line asks of a packet whose protocol and port it covers. */
enum dispatch_fit {
	DISPATCH_NEVER,     /* what no packet of this family has */
	DISPATCH_SOMETIMES, /* an address or an interface */
	DISPATCH_ALWAYS,    /* nothing more */
};

/*
 * What is left to ask when protocol and port are known: the lines that come
 * into question, in order. All but the last one ask for addresses or
 * interfaces; that one only where the decision is not final.
 */
struct dispatch_decision {
	const struct plan_line **lines;
	size_t n;
	bool final;
};

/* The decision that there is no line. */
#define DISPATCH_NONE 0

struct dispatch_segment {
	uint16_t lo, hi;       /* both are in it */
	unsigned int decision; /* index; not DISPATCH_NONE */
};

/* The ports of a protocol: sorted, disjoint; neighbours differ. No line covers what is between
 * them. */
struct dispatch_proto {
	uint8_t proto; /* IPPROTO_*; 0: all that have no entry of their own */
	struct dispatch_segment *v;
	size_t n;
};

/* One side of one family. Defaults are in no decision: where they apply differs (flow.h, stray). */
struct dispatch_side {
	struct dispatch_proto *protos; /* as plan_protos has them; 0 last, and always there */
	size_t n_protos;
	struct dispatch_decision *decisions;
	size_t n_decisions;
	const struct plan_line *dflt; /* or NULL */
};

/* A plan by ports. The lines are the plan's, which has to live longer. */
struct dispatch {
	const struct plan *plan;
	struct dispatch_side side[SIDES][DISPATCH_FAMILIES];
	const char **labels; /* each context once */
	size_t n_labels;
	unsigned int *label_of; /* by index of a line: index of its context */
};

/* AF_INET, AF_INET6 */
int dispatch_af(enum dispatch_family family);

/* Judges from, to and interfaces, and whether the family has the protocol; not the ports. */
enum dispatch_fit dispatch_fit(const struct plan_line *line, enum dispatch_family family);

/* The index of the decision on a protocol and port of a side; the port of protocols that have none
 * is 0. */
unsigned int dispatch_find(const struct dispatch_side *side, uint8_t proto, uint16_t port);

/* The index of a line's context in labels[]. */
unsigned int dispatch_label(const struct dispatch *d, const struct plan_line *line);

/* Frees what is in it; it is empty then. */
void dispatch_free(struct dispatch *d);

#endif
