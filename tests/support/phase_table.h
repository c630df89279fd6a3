/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_TESTS_PHASE_TABLE_H
#define SECMARK2_TESTS_PHASE_TABLE_H

#include <stddef.h>

struct CMUnitTest;

/* A state machine, and the table that it has to be. */
struct phase_table {
	const char *const *lines;  /* events, then for each phase its name and the next phases, "."
				      for an impossible one; ends with NULL */
	const char *const *phases; /* names; the first is the impossible phase */
	const char *const *events;
	unsigned int n_phases, n_events;
	unsigned int (*next)(unsigned int phase, unsigned int event);
	const char *header; /* below lib; its comment has the same lines */
};

/* Runs one test for each pair of a phase and an event, one for the comment, and the others given.
 * A phase without a line is an end: no event is possible there. Returns what main() returns. */
int phase_table_run(const struct phase_table *table, const struct CMUnitTest *others, size_t n);

#endif
