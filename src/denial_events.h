/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DENIAL_EVENTS_H
#define SECMARK2_DENIAL_EVENTS_H

#include <stdbool.h>

struct audit_reader;
struct err;

struct log_tail;

/* Tells of new records of SELinux: audit does. Debian's policy does not let administrators ask it;
 * then the log of auditd does, or, without auditd, the kernel's. */
struct denial_events {
	int fd; /* to wait for with poll(); -1: closed */
	bool audit;
	int kernel;           /* the kernel's log, or -1 */
	struct log_tail *log; /* that of auditd, or NULL */
};

/* Opens it; end it with denial_events_close(). hint is what root could do in its place, or NULL.
 * Returns 0 or -errno. */
int denial_events_open(struct denial_events *e, const char *hint, struct err *err);

/* Where the records come from, for audit_reader_file() */
const char *denial_events_name(const struct denial_events *e);

/* Reads what there is, and does not wait; the reader counts what the kernel had no room for.
 * Returns 0, or -errno if nothing can be read any more. */
int denial_events_read(const struct denial_events *e, struct audit_reader *reader, struct err *err);

void denial_events_close(struct denial_events *e);

#endif
