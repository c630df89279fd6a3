/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_LOG_FILES_H
#define SECMARK2_AUDIT_LOG_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

/* Where auditd writes, unless auditd.conf(5) says something else. */
#define AUDIT_LOG "/var/log/audit/audit.log"

struct log_file {
	char *name;
	int number; /* of the name PATH.NUMBER; 0: PATH */
	ino_t inode;
};

/* Starts as zeros. */
struct log_files {
	const char *path;
	struct log_file *v;
	size_t n;
};

/**
 * log_files_find - find a log, and the older files that auditd has rotated away
 * @path:  of the log; the older ones are PATH.1, PATH.2 and so on; it must live as long as @files
 * @since: files that were written last before this time are left out; 0: none is
 * @files: filled, the oldest first; free it with log_files_free()
 *
 * auditd keeps up to 999 older files (num_logs in auditd.conf(5)). While it rotates, there may be
 * older ones alone. Returns 0, or -errno if there is no such log, or if it cannot be looked for.
 */
int log_files_find(const char *path, time_t since, struct log_files *files);

/**
 * log_files_follow - give a file the name that it has now
 * @files: what was found
 * @i:     which of them
 *
 * auditd renames all its files at once, so that a name is soon that of a newer file. Returns false
 * if it has deleted this one.
 */
bool log_files_follow(struct log_files *files, size_t i);

/* Frees its content; it is empty then. */
void log_files_free(struct log_files *files);

#endif
