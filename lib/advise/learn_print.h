/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_PRINT_H
#define SECMARK2_ADVISE_LEARN_PRINT_H

#include <stdio.h>

struct learn_line;

/* Writes what speaks for a line, as one comment. */
void learn_print_reason(const struct learn_line *line, FILE *out);

/* Writes a line; a held one as a comment. All names in it are those of the policy. */
void learn_print_statement(const struct learn_line *line, FILE *out);

/* The same, with the type in front of it, if the line is the one that defines it. */
void learn_print_line(const struct learn_line *line, FILE *out);

#endif
