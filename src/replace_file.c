// SPDX-License-Identifier: GPL-2.0-only
#include "replace_file.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "host/running_policy.h"
#include "util/alloc.h"

/* Closes the file. */
static int write_new_file(int fd, const char *text, size_t len)
{
	ssize_t n;
	int ret = 0;

	while (len && !ret) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			ret = n ? -errno : -EIO;
			break;
		}
		text += n;
		len -= n;
	}
	if (!ret && (fchmod(fd, 0644) || fsync(fd)))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

/* The domain secmarkctl_t lacks dac_override: there root has no right to files of other users. */
static void folder_hint(struct err *err, const char *path)
{
	char *copy = alloc_copy(path);
	const char *folder = dirname(copy);
	struct stat st;

	if (!geteuid() && !running_policy_allows_self("capability", "dac_override") &&
	    !stat(folder, &st) && st.st_uid)
		err_hint(err, "root must own the folder: chown root %s", folder);
	free(copy);
}

int replace_file(const char *path, const char *text, size_t len, struct err *err)
{
	static const char suffix[] = ".XXXXXX";
	char *name = alloc_zeroed(strlen(path) + sizeof(suffix), 1);
	struct stat st;
	int fd, ret;

	/* a new file would take the place of a device, or of a link */
	if (!lstat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		free(name);
		return err_set(err, -EINVAL, "%s is not a regular file", path);
	}
	sprintf(name, "%s%s", path, suffix);
	fd = mkstemp(name);
	ret = fd < 0 ? -errno : write_new_file(fd, text, len);
	if (!ret && rename(name, path))
		ret = -errno;
	if (ret && fd >= 0)
		unlink(name);
	free(name);
	if (!ret)
		return 0;
	err_set(err, ret, "%s cannot be written: %s", path, strerror(-ret));
	if (ret == -EACCES)
		folder_hint(err, path);
	return ret;
}
