/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_DENIAL_COUNTS_H
#define SECMARK2_AUDIT_DENIAL_COUNTS_H

#include <stddef.h>
#include <stdint.h>

struct denial;

/* Others are counted together: the records of a log may have any types. */
#define DENIAL_COUNTS_MAX 10000

/* Records that deny a domain the packets with a label. */
struct denial_count {
	char *label;  /* the packet's type; bytes of others, like all of a record */
	char *domain; /* the type of who was denied */
	uint64_t count;
	uint64_t recent; /* since denial_counts_pause() */
};

/* Sorted by label and domain. Starts as zeros. */
struct denial_counts {
	struct denial_count *v;
	size_t n;
	uint64_t others; /* records that have no place in v */
};

/* Counts a record, if it denies access to packets; a denied relabelto is about a rule. Those that
 * were let through because SELinux or the domain is permissive count, too. */
void denial_counts_add(struct denial_counts *c, const struct denial *d);

/* From now on, recent counts from 0. */
void denial_counts_pause(struct denial_counts *c);

/* Frees what is in it, and leaves it empty. */
void denial_counts_free(struct denial_counts *c);

#endif
