/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_DUMP_H
#define SECMARK2_PLAN_DUMP_H

#include <stdio.h>

struct plan;

/* Prints a plan from its structures, in its own language, with the includes resolved. */
void plan_dump(const struct plan *plan, FILE *out);

#endif
