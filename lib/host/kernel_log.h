/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_KERNEL_LOG_H
#define SECMARK2_HOST_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* Is called with each line: no newline, and no NUL behind it. */
typedef void kernel_log_line(void *arg, const char *text, size_t len);

/**
 * kernel_log_open - open the kernel's log
 * @new_only: only what the kernel says from now on
 *
 * Returns a file descriptor to wait for with poll(), or -errno: -EPERM without CAP_SYSLOG. The
 * caller closes it.
 */
int kernel_log_open(bool new_only);

/* Reads what there is, and does not wait. Returns 0, 1 if records are lost, because they were
 * overwritten before they were read, or -errno. What programs have written into the kernel's log is
 * left out: the kernel never lets them write as itself (devkmsg_write(),
 * kernel/printk/printk.c). */
int kernel_log_read(int fd, kernel_log_line *line, void *arg);

#endif
