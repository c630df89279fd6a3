/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LEARN_PLAN_H
#define SECMARK2_LEARN_PLAN_H

#include <stddef.h>
#include <sys/stat.h>

#include "plan/plan.h"

struct learn_lines;

/* A plan to which lines are added. Starts as zeros. */
struct learn_plan {
	const char *name;
	char *text;
	size_t len;
	struct stat st;
	struct plan plan;
};

/* Reads a plan; "-" is standard input. Returns 0, or -errno after it has printed why. Free it with
 * learn_plan_free() in any case. */
int learn_plan_read(struct learn_plan *p, const char *path);

/* Prints the plan with these lines. Returns 0; or -EINVAL, after it has printed why, if that would
 * be no plan. */
int learn_plan_print(const struct learn_plan *p, const struct learn_lines *lines);

/* Frees its content; it is empty then. */
void learn_plan_free(struct learn_plan *p);

#endif
