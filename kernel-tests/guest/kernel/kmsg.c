// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kernel/kmsg.h"

/* The rest of the log differs from kernel to kernel and from boot to boot. */
static const char *const subjects[] = { "xt_secmark2: ", "SELinux:  Context " };

/* Logged once a boot, for the first module that was not built and signed with the kernel. */
static const char *const taints[] = { "xt_secmark2: loading out-of-tree module",
				      "xt_secmark2: module verification failed" };

static bool kmsg_starts_with_one(const char *text, const char *const *starts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strncmp(text, starts[i], strlen(starts[i])))
			return true;
	return false;
}

int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	return fd;
}

/* A record is the line "priority,number,time,flags;text", then lines with its properties. */
static void kmsg_take_record(struct strs *lines, const char *record)
{
	const char *text = strchr(record, ';');

	if (text && kmsg_starts_with_one(text + 1, subjects, N_ELEMENTS(subjects)) &&
	    !kmsg_starts_with_one(text + 1, taints, N_ELEMENTS(taints)))
		strs_add(lines, must_printf("%.*s", (int)strcspn(text + 1, "\n"), text + 1));
}

void kmsg_read(int fd, struct strs *lines)
{
	char record[8192];
	ssize_t n;

	/* EPIPE: the log has lost lines; the next read gets what it still has. */
	while ((n = read(fd, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record[n] = '\0';
		kmsg_take_record(lines, record);
	}
}
