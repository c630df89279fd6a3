/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_PRINT_H
#define SECMARK2_ADVISE_LEARN_PRINT_H

#include <stdio.h>

struct learn_line;

/* Writes what speaks for a line, as one comment. */
void learn_print_reason(const struct learn_line *line, FILE *out);

/* Writes a line, and in front of it the type that it defines. All names in it are those of the
 * policy. */
void learn_print_line(const struct learn_line *line, FILE *out);

#endif
