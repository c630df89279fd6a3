/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_LOG_H
#define SECMARK2_AUDIT_LOG_H

#include <stddef.h>
#include <stdint.h>

struct audit_reader;
struct err;

/* What explain and learn read. The caller flushes the reader. */

/**
 * audit_log_file - read a log of any size
 * @reader: gets its lines
 * @path:   the file; "-" is standard input
 * @err:    filled on failure
 *
 * Returns 0 or -errno.
 */
int audit_log_file(struct audit_reader *reader, const char *path, struct err *err);

/* The same for the log of auditd of this machine and the older files beside it, and for those
 * records of the kernel's log that auditd has not written: it may not run, or have begun later.
 * Files of auditd that were written last before since are left out; milliseconds since 1970.
 * Returns 0; 1 if the kernel's log cannot be read, and then err says why; or -errno. */
int audit_log_machine(struct audit_reader *reader, int64_t since, struct err *err);

/* Hints at what would let the command read records, which failed with error (-errno): the boolean
 * of policy/, or what users and root have to do. NULL for root: nothing is known. */
void audit_log_hint(struct err *err, int error, const char *user, const char *root);

/* How many bytes audit_log_machine() would read from the log of auditd; 0 if there is none. */
int64_t audit_log_size(int64_t since);

/* A reader takes a line of the kernel's log. For kernel_log_read() and audit_events_read_lines().
 */
void audit_log_line(void *reader, const char *text, size_t len);

/* audit_since() for this machine and this moment. */
int audit_log_since(const char *text, int64_t *ms, struct err *err);

#endif
