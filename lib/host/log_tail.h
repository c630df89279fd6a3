/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_LOG_TAIL_H
#define SECMARK2_HOST_LOG_TAIL_H

#include <stddef.h>

struct log_tail;

/* Is called with each line: no newline, and no NUL behind it. */
typedef void log_tail_line(void *arg, const char *text, size_t len);

/**
 * log_tail_open - read what a daemon writes into its log from now on
 * @path: of the log; it must live as long as the result
 * @tail: set; end it with log_tail_close()
 *
 * The log may begin later. The daemon may rename it and begin a new one, as auditd does: LOG
 * becomes LOG.1, and LOG.1 becomes LOG.2. It may also empty it.
 *
 * Returns 0 or -errno: -ENOENT if there is no folder for it.
 */
int log_tail_open(const char *path, struct log_tail **tail);

/* A file descriptor to wait for with poll(). The tail keeps it. */
int log_tail_fd(const struct log_tail *tail);

/* Reads what there is, and does not wait. A line counts when its newline is there; one of more than
 * 16384 bytes is left out. Returns 0, or 1 if lines may be missing: the log was emptied, or deleted
 * before it was read. Or -errno: a new log that cannot be read within 5 seconds is an error. */
int log_tail_read(struct log_tail *tail, log_tail_line *line, void *arg);

/* NULL is possible. */
void log_tail_close(struct log_tail *tail);

#endif
