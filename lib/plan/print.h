/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_PRINT_H
#define SECMARK2_PLAN_PRINT_H

#include <stdio.h>

struct plan;

/* A plan as a text that says the same and includes nothing: no comments, blanks squeezed, what it
 * includes in place, nothing of what holds without being said. */
void plan_print(const struct plan *plan, FILE *out);

#endif
