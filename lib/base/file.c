// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"

#define STEP (1 << 16)

const char *file_error(int code)
{
	switch (code) {
	case -EFBIG:
		return "larger than 64 MiB";
	case -EMEDIUMTYPE:
		return "not a regular file or a pipe";
	}
	return strerror(-code);
}

/* Other files may never end, or act when they are opened. A directory can be opened, but not read.
 */
static int judge_kind(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	if (!S_ISREG(st->st_mode) && !S_ISFIFO(st->st_mode))
		return -EMEDIUMTYPE;
	return st->st_size > FILE_SIZE_MAX ? -EFBIG : 0;
}

/* Reads to the end. The size is not known before: stat() does not tell it for files of selinuxfs,
 * and /proc has files of hundreds of gigabytes whose size is 0. */
static int read_all(FILE *in, char **data, size_t *len)
{
	size_t room = STEP, n;
	char *buf = NULL, *bigger;
	int ret = 0;

	*len = 0;
	do {
		room = room < FILE_SIZE_MAX ? 2 * room : room + 1;
		bigger = realloc(buf, room);
		ret = bigger ? 0 : -ENOMEM;
		if (!bigger)
			break;
		buf = bigger;
		errno = 0;
		n = fread(buf + *len, 1, room - *len, in);
		*len += n;
		if (*len < room && ferror(in))
			ret = errno ? -errno : -EIO;
		else if (*len > (size_t)FILE_SIZE_MAX)
			ret = -EFBIG;
	} while (!ret && *len == room);
	if (ret) {
		free(buf);
		return ret;
	}
	/* the last fread() did not fill it */
	buf[*len] = '\0';
	*data = buf;
	return 0;
}

int file_read_stream(FILE *in, const char *name, char **data, size_t *len, struct err *err)
{
	struct stat st;
	int ret = 0;

	/* standard input can be a terminal or a socket; read_all() has a limit for it */
	if (in != stdin)
		ret = fstat(fileno(in), &st) ? -errno : judge_kind(&st);
	if (!ret)
		ret = read_all(in, data, len);
	return ret ? err_set(err, ret, "%s: %s", name, file_error(ret)) : 0;
}

int file_open_long(const char *path, FILE **in)
{
	struct stat st;
	int ret;

	*in = NULL;
	/* before it is opened: that starts a watchdog, and rewinds a tape */
	ret = stat(path, &st) ? -errno : judge_kind(&st);
	if (ret && ret != -EFBIG)
		return ret;
	*in = fopen(path, "re");
	return *in ? 0 : -errno;
}

int file_open(const char *path, FILE **in)
{
	struct stat st;
	int ret = file_open_long(path, in);

	if (ret)
		return ret;
	ret = fstat(fileno(*in), &st) ? -errno : judge_kind(&st);
	if (!ret)
		return 0;
	fclose(*in);
	*in = NULL;
	return ret;
}

int file_read(const char *path, char **data, size_t *len, struct err *err)
{
	FILE *in;
	int ret = file_open(path, &in);

	if (ret)
		return err_set(err, ret, "%s: %s", path, file_error(ret));
	ret = file_read_stream(in, path, data, len, err);
	fclose(in);
	return ret;
}

int file_read_given(const char *path, const char *name, char **data, size_t *len, struct stat *st,
		    struct err *err)
{
	FILE *in = stdin;
	int ret = strcmp(path, "-") ? file_open(path, &in) : 0;

	if (!ret && fstat(fileno(in), st))
		ret = -errno;
	if (ret)
		err_set(err, ret, "%s: %s", name, file_error(ret));
	else
		ret = file_read_stream(in, name, data, len, err);
	if (in && in != stdin)
		fclose(in);
	return ret;
}
