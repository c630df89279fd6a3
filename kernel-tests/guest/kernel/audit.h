/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_AUDIT_H
#define GUEST_AUDIT_H

#include "runner/util.h"

/*
 * An AVC record, reduced to what does not vary from run to run:
 * "{ send } scontext=.. tcontext=.. tclass=.. saddr=.. src=.. daddr=.. dest=.." (absent fields left out), and
 * " permissive=1" when the kernel only said so and did not deny.
 */
struct record {
	char *text;
	long long ms;
};

struct audit {
	int fd;
	unsigned int marker;
	struct record *v; /* came since the last audit_reset() */
	size_t n;
	struct strs known; /* records of earlier tests: what repeats one of these is a late retransmit */
};

/* Returns 0 or -errno. */
int audit_open(struct audit *a);

/* Takes in what the kernel has sent so far; never waits. */
void audit_collect(struct audit *a);

/*
 * Sends a marker through the kernel's queue and reads until it comes back: all records of what happened before are
 * then in. Returns 0, or -ETIMEDOUT.
 */
int audit_sync(struct audit *a);

/* Forgets the records, but remembers those with ports as known. */
void audit_reset(struct audit *a);

/* The normalised form of an AVC line; the caller frees it. NULL: not a denial. *ms gets its time. */
char *record_normalise(const char *line, long long *ms);

#endif
