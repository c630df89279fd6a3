/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_PRINT_H
#define SECMARK2_PLAN_PRINT_H

#include <stdio.h>

struct plan;

/* Prints a plan with the same meaning, in a form that needs nothing else: included files are in
 * place, services are numbers. Comments and default settings are left out. */
void plan_print(const struct plan *plan, FILE *out);

/* The same as a text; the caller frees it. */
char *plan_print_text(const struct plan *plan);

#endif
