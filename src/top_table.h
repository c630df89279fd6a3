/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_TOP_TABLE_H
#define SECMARK2_TOP_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "advise/traffic_rows.h"

struct top;

/* A column of the table of top. */
struct top_column {
	const char *name;
	const char *sort; /* the name of its key; NULL: the table cannot be sorted by it */
	char letter;      /* the key to type */
	enum traffic_key key;
};

#define TOP_COLUMNS 7

extern const struct top_column top_columns[TOP_COLUMNS];

/* The texts below have nothing in them that a terminal would act on; the caller frees them. */

/* Returns a cell. "-" is unknown. */
char *top_cell(const struct top *t, const struct traffic_row *row, size_t column);

/* How many lines stand above the table. */
#define TOP_HEAD 3

/* Returns such a line; the first one is 0. */
char *top_head(const struct top *t, int line);

/* Returns what is unknown, and why: lines, or "". */
char *top_notes(const struct top *t);

/* The widths that the columns need on a terminal. */
void top_widths(const struct top *t, int widths[TOP_COLUMNS]);

/* Prints a row, without a newline. NULL: the names of the columns. What is wider is cut. */
void top_print_row(const struct top *t, const struct traffic_row *row, const int *widths,
		   FILE *out);

/* Prints all but the notes to standard output, sorted as the rows are; the same as JSON. */
void top_print(const struct top *t);
void top_print_json(const struct top *t);

#endif
