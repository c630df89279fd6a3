/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_EXPLAIN_GROUPS_H
#define SECMARK2_ADVISE_EXPLAIN_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/denial.h"

struct explain_world;
struct explanation;

#define EXPLAIN_PROGRAMS 4

/* Records that have one explanation. */
struct explain_group {
	struct denial last; /* the newest */
	size_t count;
	int64_t first;                    /* the time of the oldest; 0: unknown */
	unsigned long position;           /* of the newest among all records */
	char *programs[EXPLAIN_PROGRAMS]; /* names of programs that the records have, each once */
	size_t n_programs;
	char *key;
};

/* Starts as zeros. There are at most EXPLAIN_GROUPS_MAX, whatever the records are. */
struct explain_groups {
	struct explain_group *v;
	size_t n;
	size_t *index; /* a hash table of numbers of groups, plus 1 */
	size_t index_size;
	unsigned long records, dropped; /* dropped: those of further groups */
	bool by_address; /* a line of the plan asks for addresses: so records with different ones
			  * may have different explanations */
};

#define EXPLAIN_GROUPS_MAX 100000

/* Adds a record to its group. It is copied if need be. */
void explain_groups_add(struct explain_groups *g, const struct denial *d);

/* Sorts the groups: the newest last. */
void explain_groups_sort(struct explain_groups *g);

/* Explains a group; the explanation is as that of explain(). */
void explain_group(const struct explain_world *w, const struct explain_group *group,
		   struct explanation *e);

/* Frees its content. */
void explain_groups_free(struct explain_groups *g);

#endif
