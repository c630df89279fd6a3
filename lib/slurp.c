// SPDX-License-Identifier: GPL-2.0-only
#include "slurp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

/* Reads to the end of a file whose size nobody tells: that of /sys/fs/selinux/policy. */
static int read_all(FILE *in, char **data, size_t *len)
{
	size_t room = 1 << 20, n;
	char *buf = NULL, *bigger;

	*len = 0;
	do {
		bigger = realloc(buf, room);
		if (!bigger)
			break;
		buf = bigger;
		n = fread(buf + *len, 1, room - *len, in);
		*len += n;
		if (*len < room) {
			*data = buf;
			if (!ferror(in))
				return 0;
			free(buf);
			return -EIO;
		}
		room *= 2;
	} while (n);
	free(buf);
	return -ENOMEM;
}

int slurp(const char *path, char **data, size_t *len, struct err *err)
{
	FILE *in = fopen(path, "re");
	int ret;

	if (!in)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	ret = read_all(in, data, len);
	fclose(in);
	return ret ? err_set(err, ret, "%s: %s", path, strerror(-ret)) : 0;
}
