/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_RECORD_H
#define SECMARK2_RECORD_H

#include <time.h>

struct err;

/* What is loaded in a network namespace, as apply has noted it in /run/secmark2/INODE/, INODE being the namespace's. */
struct record {
	char *plan_text;	/* without what it includes */
	char *plan_name;	/* as it was given to apply */
	char *backend;
	time_t loaded_at;
};

/**
 * record_read - what is loaded here?
 * @r:   where to; end it with record_free(), also after a failure
 * @err: filled on failure
 *
 * Returns 0, -ENOENT where nothing is, -EINVAL for a damaged record, or another -errno.
 */
int record_read(struct record *r, struct err *err);

/* Frees what is in it; it is empty then. */
void record_free(struct record *r);

#endif
