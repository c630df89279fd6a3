/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_AUDIT_H
#define GUEST_AUDIT_H

#include "kernel/avc.h"

struct audit {
	int fd;
	unsigned int marker;
	struct avcs came;  /* since the last audit_reset() */
	struct avcs known; /* of earlier tests: what repeats one of these is a late retransmit */
	struct avcs often; /* what may come again at any time */
};

/* Returns 0 or -errno. */
int audit_open(struct audit *a);

/* Takes in what the kernel has sent so far; never waits. */
void audit_collect(struct audit *a);

/*
 * Sends a marker through the kernel's queue and reads until it comes back: all records of what
 * happened before are then in. Returns 0, or -ETIMEDOUT.
 */
int audit_sync(struct audit *a);

/* How many have come, those aside that may come again at any time. */
size_t audit_news(const struct audit *a);

/* Forgets the records, but remembers those with ports as known. */
void audit_reset(struct audit *a);

#endif
