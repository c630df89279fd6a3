/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_TRAFFIC_ROWS_H
#define SECMARK2_ADVISE_TRAFFIC_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The connections with one label whose sockets on this machine have one domain, and the denials of
 * both. Label and domain are types: bytes of others. */
struct traffic_row {
	char *label;  /* NULL: no label */
	char *domain; /* NULL: no socket of this machine, or nobody knows whose */
	uint64_t connections;
	uint64_t counted; /* those that have counters; packets and bytes are their sums, in both
			   * directions */
	uint64_t packets, bytes;
	uint64_t recent_packets, recent_bytes; /* since the reading before */
	uint64_t denials;
	uint64_t recent_denials;
};

/* Starts as zeros. */
struct traffic_rows {
	struct traffic_row *v; /* each label and domain once */
	size_t n;
};

/* What rows can be sorted by. */
enum traffic_key {
	TRAFFIC_LABEL,
	TRAFFIC_DOMAIN,
	TRAFFIC_CONNECTIONS,
	TRAFFIC_PACKETS, /* the recent ones; so are bytes and denials */
	TRAFFIC_BYTES,
	TRAFFIC_DENIALS,
	TRAFFIC_KEYS
};

/* Returns the row of a label and a domain, which are copied; a new one is zero. It is valid until
 * the next one is added. Rows that were sorted by something else cannot be found. */
struct traffic_row *traffic_rows_get(struct traffic_rows *rows, const char *label,
				     const char *domain);

/* The name of a row's label: its type, or "unlabeled". No two labels have the same name: a type of
 * that name is "type unlabeled". */
const char *traffic_row_label(const struct traffic_row *row);

/* Adds up the numbers of all rows. The label and the domain of the result are NULL. */
struct traffic_row traffic_rows_total(const struct traffic_rows *rows);

/* Sorts them: names from A to Z, numbers from the largest one; reverse: the other way round. Rows
 * that are equal in that are sorted by label and domain. */
void traffic_rows_sort(struct traffic_rows *rows, enum traffic_key key, bool reverse);

/* Frees what is in it, and leaves it empty. */
void traffic_rows_free(struct traffic_rows *rows);

#endif
