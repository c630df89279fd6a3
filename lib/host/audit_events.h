/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_AUDIT_EVENTS_H
#define SECMARK2_HOST_AUDIT_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/rule_writer.h"

/**
 * audit_events_open - be told of changes to tables of x_tables
 *
 * x_tables itself tells nobody. But if audit is enabled, the kernel writes a record of each change,
 * which whoever reads a multicast group gets too, beside auditd. Returns a file descriptor to wait
 * for with poll(), or -errno: -EPERM without CAP_AUDIT_READ, -EACCES if the policy does not allow
 * it, -EPROTONOSUPPORT without audit. The caller closes it.
 */
int audit_events_open(void);

/**
 * audit_events_read - read what has been told since
 * @fd:     from audit_events_open()
 * @writer: who has made the last change to a table named security or mangle
 *
 * Does not wait. Returns 1 if there was such a change, 0 if there was none, or -errno if nothing
 * can be read any more: -EACCES if the policy no longer allows it. Then poll() says at once, and
 * always, that there is something to read. A record does not say in which network namespace the
 * table is: the writer may be one who has changed another table of that name.
 */
int audit_events_read(int fd, struct rule_writer *writer);

/**
 * audit_events_open_denials - get new records of SELinux, and of their system calls
 *
 * The kernel sends them to its first network namespace only. Returns the same.
 */
int audit_events_open_denials(void);

/**
 * audit_events_read_lines - read these records
 * @fd:   from audit_events_open_denials()
 * @line: called with each of them, as a line of audit.log
 * @arg:  for it
 *
 * Does not wait. Returns 0, 1 if the kernel had no room for some of them, or -errno as above.
 */
int audit_events_read_lines(int fd, void (*line)(void *arg, const char *text, size_t len),
			    void *arg);

/* Is that the text of a record of such a change? Then it fills @writer. */
bool audit_events_parse(const char *text, struct rule_writer *writer);

#endif
