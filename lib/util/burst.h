/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_BURST_H
#define SECMARK2_UTIL_BURST_H

#include <stdint.h>

/*
 * How often something may be done: @size times at once, and then once in each @pause. What was not
 * used is saved up to @size again.
 */
struct burst {
	unsigned int size;
	long pause; /* milliseconds */
	unsigned int used;
	int64_t since; /* the last time that one was taken off @used; of clock_milliseconds() */
};

/* When may it be done again? Returns a time of clock_milliseconds(), @now if it may be done at
 * once. */
int64_t burst_next(struct burst *b, int64_t now);

/* It has been done. */
void burst_use(struct burst *b, int64_t now);

#endif
