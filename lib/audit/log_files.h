/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_LOG_FILES_H
#define SECMARK2_AUDIT_LOG_FILES_H

#include <stddef.h>
#include <time.h>

/* Where auditd writes, unless auditd.conf(5) says something else. */
#define AUDIT_LOG "/var/log/audit/audit.log"

/* Names of files. Starts as zeros. */
struct log_files {
	char **v;
	size_t n;
};

/**
 * log_files_find - find a log, and the older files that auditd has rotated away
 * @path:  of the log; the older ones are PATH.1, PATH.2 and so on
 * @since: files that were written last before this time are left out; 0: none is
 * @files: filled, the oldest first; free it with log_files_free()
 *
 * auditd keeps up to 999 older files (num_logs in auditd.conf(5)). Returns 0, or -errno if there is
 * no such log, or if it cannot be looked for.
 */
int log_files_find(const char *path, time_t since, struct log_files *files);

/* Frees its content; it is empty then. */
void log_files_free(struct log_files *files);

#endif
