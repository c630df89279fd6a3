/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_RANDOM_PLAN_H
#define SECMARK2_RANDOM_PLAN_H

#include <stddef.h>

struct flow;
struct plan;

/* What a random plan may have in it. */
enum {
	RANDOM_FORWARD = 1 << 0,
	RANDOM_OUT_IFACE = 1 << 1, /* of forward lines */
};

/* The seed of this run: of the environment's SEED, or another one each time. Prints it. */
unsigned int random_seed(void);

/* A number below n, the next one that follows from the seed. */
unsigned int random_below(unsigned int *seed, unsigned int n);

/* A plan of few ports, networks and interfaces, so that its lines get into each other's way;
 * contexts are filled in. */
void random_plan(unsigned int *seed, unsigned int features, struct plan *plan);

/* A flow that such a plan may have something to say about. */
void random_flow(unsigned int *seed, struct flow *flow);

/* Gives each line the context that the stage check would, more or less. */
void fill_contexts(struct plan *plan);

/* A plan of that text, which has no errors, with contexts. */
void plan_of(const char *text, size_t len, struct plan *plan);

#endif
