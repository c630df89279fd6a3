// SPDX-License-Identifier: GPL-2.0-only
#include "host/kernel_log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Documentation/ABI/testing/dev-kmsg: a read gets one record. Its limit is 8192
 * (PRINTK_MESSAGE_MAX is 2048 in newer kernels). */
#define KMSG_RECORD_MAX 8192

int kernel_log_open(bool new_only)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (new_only && lseek(fd, 0, SEEK_END) < 0) {
		int failed = -errno;

		close(fd);
		return failed;
	}
	return fd;
}

/* PRIORITY is 8 * facility + level, and the kernel's own facility is 0. */
static bool is_of_kernel(const char *at, const char *end)
{
	unsigned int priority = 0;

	if (at == end || !isdigit((unsigned char)*at))
		return false;
	for (; at < end && isdigit((unsigned char)*at) && priority < 8; at++)
		priority = 10 * priority + (*at - '0');
	return priority < 8;
}

int kernel_log_read(int fd, kernel_log_line *line, void *arg)
{
	char buf[KMSG_RECORD_MAX];
	const char *text, *end;
	bool lost = false;
	ssize_t n;

	for (;;) {
		n = read(fd, buf, sizeof(buf));
		/* records were overwritten; the next read goes on */
		lost |= n < 0 && errno == EPIPE;
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n < 0 && errno != EAGAIN)
			return -errno;
		if (n <= 0)
			return lost;
		/* "PRIORITY,NUMBER,TIME,FLAGS;TEXT\n KEY=VALUE\n" */
		text = memchr(buf, ';', n);
		if (!text || !is_of_kernel(buf, text))
			continue;
		text++;
		end = memchr(text, '\n', buf + n - text);
		line(arg, text, (end ? end : buf + n) - text);
	}
}
