/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_PRINT_H
#define SECMARK2_ADVISE_LEARN_PRINT_H

#include <stdbool.h>
#include <stdio.h>

struct learn_line;
struct learn_lines;
struct plan;

/* Writes what speaks for a line, as one comment. */
void learn_print_reason(const struct learn_line *line, FILE *out);

/* Writes a line, with the type that it needs in front of it: unless the plan (or NULL), or a line
 * before it, defines that. All names in it are those of the policy. */
void learn_print_line(const struct learn_lines *lines, const struct learn_line *line,
		      const struct plan *plan, FILE *out);

#endif
