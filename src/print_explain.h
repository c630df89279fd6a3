/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PRINT_EXPLAIN_H
#define SECMARK2_PRINT_EXPLAIN_H

#include <stdbool.h>

struct audit_counts;
struct denial;
struct explain_groups;
struct explain_world;

/* Prints an explanation for each group, for people. */
void print_explain_text(const struct explain_world *w, const struct explain_groups *groups);

/* The same, and what was read, as a JSON object. */
void print_explain_json(const struct explain_world *w, const struct explain_groups *groups,
			const struct audit_counts *counts);

/* Prints a record and the smallest thing that would allow it, in one line. */
void print_explain_line(const struct explain_world *w, const struct denial *d, bool color);

/* Says on standard error what could not be read. */
void print_explain_counts(const struct audit_counts *counts);

#endif
