// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "kernel/policy.h"
#include "runner/util.h"

int policy_reload(const char *path)
{
	size_t len = 0;
	char *image = file_slurp(path, &len);
	int err;

	if (!image)
		return -errno;
	err = file_write("/sys/fs/selinux/load", image, len);
	free(image);
	return err;
}
