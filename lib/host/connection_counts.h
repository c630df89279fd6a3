/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_CONNECTION_COUNTS_H
#define SECMARK2_HOST_CONNECTION_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conntrack_entry;
struct err;

/* The current connections with one label. */
struct connection_count {
	char *context; /* NULL: no label */
	uint64_t connections;
	uint64_t counted; /* how many of them have counters; packets and bytes are the sums of
			     these, in both directions */
	uint64_t packets, bytes;
	bool planned; /* for the caller; stays when the counts start again */
};

/* Sorted by context, each once; connections without a label come last. Starts as zeros. */
struct connection_counts {
	struct connection_count *v;
	size_t n;
};

/**
 * connection_counts_get - the counts of a label
 * @u: the labels; a missing one is added, without connections
 * @context: which one; NULL: no label
 *
 * Returns it; valid until another one is added.
 */
struct connection_count *connection_counts_get(struct connection_counts *u, const char *context);

/* Counts a connection. @unlabeled: the policy's context for packets without a label, or NULL. */
void connection_counts_add(struct connection_counts *u, const struct conntrack_entry *entry,
			   const char *unlabeled);

/**
 * connection_counts_read - count all connections of this network namespace
 * @u: where to; its labels stay, and their counts start again at 0
 * @unlabeled: as above
 * @err:       filled on failure
 *
 * Returns 0, or -errno as conntrack_read() does.
 */
int connection_counts_read(struct connection_counts *u, const char *unlabeled, struct err *err);

/* Frees what is in it, and leaves it empty. */
void connection_counts_free(struct connection_counts *u);

#endif
