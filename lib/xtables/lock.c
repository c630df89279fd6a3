// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <selinux/label.h>
#include <selinux/selinux.h>

#include "base/err.h"

#define LOCK "/run/xtables.lock"

/*
 * The first program to lock creates the file. iptables may have its own domain, which can open the
 * file if its label is the one in the policy's file contexts, but not if its label is that of our
 * other files. */
static int make_lock(const char *path)
{
	const struct selinux_opt opts[] = { { SELABEL_OPT_SUBSET, path } };
	struct selabel_handle *contexts = is_selinux_enabled() > 0 ?
						  selabel_open(SELABEL_CTX_FILE, opts, 1) :
						  NULL;
	char *context = NULL;
	int fd = -1, failed;

	if (contexts && !selabel_lookup_raw(contexts, &context, path, S_IFREG) &&
	    !setfscreatecon_raw(context))
		fd = open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0600);
	setfscreatecon_raw(NULL);
	if (fd < 0)
		fd = open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0600);
	failed = errno;
	freecon(context);
	if (contexts)
		selabel_close(contexts);
	errno = failed;
	return fd;
}

static int open_lock(const char **path)
{
	int fd;

	*path = getenv("XTABLES_LOCKFILE");
	if (!*path || !**path)
		*path = LOCK;
	fd = open(*path, O_RDONLY | O_CLOEXEC);
	return fd < 0 && errno == ENOENT ? make_lock(*path) : fd;
}

void xt_lock_make(void)
{
	const char *path;
	int fd = open_lock(&path);

	if (fd >= 0)
		close(fd);
}

int xt_lock(unsigned int seconds, int *fd, struct err *err)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	time_t end = time(NULL) + seconds;
	const char *path;

	*fd = open_lock(&path);
	if (*fd < 0)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	while (flock(*fd, LOCK_EX | LOCK_NB)) {
		if (time(NULL) >= end) {
			err_set(err, -EBUSY, "another program holds %s", path);
			err_hint(err, "waited for %u seconds; try again", seconds);
			return -EBUSY;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}
