/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_CONNECTION_COUNTS_H
#define SECMARK2_HOST_CONNECTION_COUNTS_H

#include <stddef.h>
#include <stdint.h>

struct conntrack_entry;
struct err;

/* The connections of one label that there are now. */
struct label_use {
	char *context; /* NULL: no label */
	uint64_t connections;
	uint64_t counted; /* how many of them have counters; the two below are theirs, both
			     directions */
	uint64_t packets, bytes;
};

/* Sorted by context, each once; those without a label come last. Starts as zeros. */
struct label_uses {
	struct label_use *v;
	size_t n;
};

/**
 * label_uses_get - the use of a label
 * @u:       the labels; one that they do not have is added, without connections
 * @context: which one; NULL: no label
 *
 * Returns it; valid until another one is added.
 */
struct label_use *label_uses_get(struct label_uses *u, const char *context);

/* Counts a connection. @unlabeled: the policy's context of what has no label, or NULL. */
void label_uses_count(struct label_uses *u, const struct conntrack_entry *entry,
		      const char *unlabeled);

/**
 * label_uses_read - count all connections of this network namespace
 * @u:         where to; labels that it has already stay, and are counted anew
 * @unlabeled: as above
 * @err:       filled on failure
 *
 * Returns 0, or -errno as conntrack_read() does.
 */
int label_uses_read(struct label_uses *u, const char *unlabeled, struct err *err);

/* Frees what is in it; it is empty then. */
void label_uses_free(struct label_uses *u);

#endif
