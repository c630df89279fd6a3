/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DENIAL_EVENTS_H
#define SECMARK2_DENIAL_EVENTS_H

#include <stdbool.h>

#include "audit/record_ids.h"

struct audit_reader;
struct err;
struct log_tail;

/* New records of SELinux, as they come: from audit. Where the policy does not let you ask audit, as
 * Debian's does not, from the logs: that of auditd and the kernel's. */
struct denial_events {
	int fd; /* to wait for with poll(); -1: closed */
	bool audit;
	int kernel;            /* the kernel's log, or -1 */
	struct log_tail *log;  /* that of auditd, or NULL */
	struct record_ids ids; /* what the kernel's log had */
};

/* Opens it; end it with denial_events_close(). hint is what root could do in its place, or NULL.
 * Returns 0 or -errno: neither audit nor a log can be read. */
int denial_events_open(struct denial_events *e, const char *hint, struct err *err);

/* Where the records come from, for audit_reader_file() */
const char *denial_events_name(const struct denial_events *e);

/* Reads what there is, and does not wait; the reader counts where records are missing. Returns 0,
 * or -errno if nothing can be read any more. */
int denial_events_read(struct denial_events *e, struct audit_reader *reader, struct err *err);

void denial_events_close(struct denial_events *e);

#endif
