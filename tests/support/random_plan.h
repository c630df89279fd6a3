/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_RANDOM_PLAN_H
#define SECMARK2_RANDOM_PLAN_H

#include <stdbool.h>
#include <stddef.h>

struct flow;
struct plan;

/* The parts that a random plan may have. */
enum {
	RANDOM_FORWARD = 1 << 0,
	RANDOM_OUT_IFACE = 1 << 1, /* of forward lines */
};

/* Returns the seed of this run: SEED of the environment, or a new one each time. Prints it. */
unsigned int random_seed(void);

/* Returns the next random number below n, and updates the seed. */
unsigned int random_below(unsigned int *seed, unsigned int n);

/* Makes a plan of few ports, networks and interfaces, so that its lines overlap. Contexts are
 * filled in. Some of the ports are those that the kernel gives to clients. */
void random_plan(unsigned int *seed, unsigned int features, struct plan *plan);

/* Makes a flow that such a plan may label. */
void random_flow(unsigned int *seed, struct flow *flow);

/* Does a line for this host name ESP or AH? Then the stock targets look up each packet. */
bool random_plan_names_ipsec(const struct plan *plan);

/* Gives each line a context, as the stage check would, in short. */
void fill_contexts(struct plan *plan);

/* Reads a plan from a text without errors, and fills in the contexts. */
void plan_of(const char *text, size_t len, struct plan *plan);

#endif
