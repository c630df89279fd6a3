// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* Reads to the end. The size is not known before: stat() does not tell it for files of selinuxfs.
 */
static int read_all(FILE *in, char **data, size_t *len)
{
	size_t room = 1 << 20, n;
	char *buf = NULL, *bigger;
	int ret;

	*len = 0;
	errno = 0;
	do {
		bigger = realloc(buf, room);
		if (!bigger)
			break;
		buf = bigger;
		n = fread(buf + *len, 1, room - *len, in);
		*len += n;
		if (*len < room) {
			if (!ferror(in)) {
				*data = buf;
				return 0;
			}
			/* a directory can be opened, but not read */
			ret = errno ? -errno : -EIO;
			free(buf);
			return ret;
		}
		room *= 2;
	} while (n);
	free(buf);
	return -ENOMEM;
}

int file_read_stream(FILE *in, const char *name, char **data, size_t *len, struct err *err)
{
	int ret = read_all(in, data, len);

	return ret ? err_set(err, ret, "%s: %s", name, strerror(-ret)) : 0;
}

int file_read(const char *path, char **data, size_t *len, struct err *err)
{
	FILE *in = fopen(path, "re");
	int ret;

	if (!in)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	ret = file_read_stream(in, path, data, len, err);
	fclose(in);
	return ret;
}
