/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_RECORD_IDS_H
#define SECMARK2_AUDIT_RECORD_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct denial;

/* An event of audit: no two of one boot have the same serial. */
struct record_id {
	int64_t time;
	uint64_t serial;
	bool met; /* in another log, too */
};

/* The events of a log. Starts as zeros. */
struct record_ids {
	struct record_id *v;
	size_t n;
	bool sorted;
};

/* Adds the event of a record, if it has one. */
void record_ids_add(struct record_ids *ids, const struct denial *d);

/* The same, and notes that another log has the event of this record. */
void record_ids_add_met(struct record_ids *ids, const struct denial *d);

/* Notes that another log has the event of this record. */
void record_ids_meet(struct record_ids *ids, const struct denial *d);

/* Has another log the event of this record? */
bool record_ids_were_met(struct record_ids *ids, const struct denial *d);

/* Frees what is in it, and leaves it empty. */
void record_ids_free(struct record_ids *ids);

#endif
