// SPDX-License-Identifier: GPL-2.0-only
#include "host/log_tail.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"

/* As lines of audit/reader.h */
#define LINE_MAX_BYTES 16384

struct log_tail {
	const char *path;
	int watch;                /* inotify of the folder: a new log has a new inode */
	int file;                 /* what is read */
	char buf[LINE_MAX_BYTES]; /* the beginning of a line */
	size_t n;
	bool skips; /* the rest of a line that is too long */
};

static int open_log(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int watch_folder(int watch, const char *path)
{
	char *copy = alloc_copy(path);
	int ret = inotify_add_watch(watch, dirname(copy), IN_MODIFY | IN_CREATE | IN_MOVED_TO);

	ret = ret < 0 ? -errno : 0;
	free(copy);
	return ret;
}

int log_tail_open(const char *path, struct log_tail **tail)
{
	struct log_tail *t = alloc_zeroed(1, sizeof(*t));
	int ret;

	t->path = path;
	t->file = open_log(path);
	t->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	ret = t->file < 0 ? t->file : t->watch < 0 ? -errno : watch_folder(t->watch, path);
	if (!ret && lseek(t->file, 0, SEEK_END) < 0)
		ret = -errno;
	if (ret) {
		log_tail_close(t);
		return ret;
	}
	*tail = t;
	return 0;
}

int log_tail_fd(const struct log_tail *tail)
{
	return tail->watch;
}

/* Passes on the lines that are whole. */
static void pass_lines(struct log_tail *t, log_tail_line *line, void *arg)
{
	char *at = t->buf, *end = t->buf + t->n, *newline;

	for (; (newline = memchr(at, '\n', end - at)); at = newline + 1) {
		if (!t->skips)
			line(arg, at, newline - at);
		t->skips = false;
	}
	t->n = end - at;
	memmove(t->buf, at, t->n);
	if (t->n == sizeof(t->buf)) {
		t->skips = true;
		t->n = 0;
	}
}

static int read_file(struct log_tail *t, log_tail_line *line, void *arg)
{
	ssize_t n;

	while ((n = read(t->file, t->buf + t->n, sizeof(t->buf) - t->n)) > 0) {
		t->n += n;
		pass_lines(t, line, arg);
	}
	return n < 0 && errno != EAGAIN && errno != EINTR ? -errno : 0;
}

/* Has a new log begun? Opens it, or returns -1. Between two logs there is none. */
static int open_new_log(const struct log_tail *t)
{
	struct stat old, new;

	if (fstat(t->file, &old) || stat(t->path, &new))
		return -1;
	if (old.st_dev == new.st_dev && old.st_ino == new.st_ino)
		return -1;
	return open_log(t->path);
}

static void turn_to_new_log(struct log_tail *t, int fd)
{
	close(t->file);
	t->file = fd;
	t->n = 0;
	t->skips = false;
}

int log_tail_read(struct log_tail *tail, log_tail_line *line, void *arg)
{
	char events[4096];
	int ret, new;

	/* what happened does not matter: the file tells */
	while (read(tail->watch, events, sizeof(events)) > 0)
		;
	do {
		/* first: once there is a new log, the old one grows no more */
		new = open_new_log(tail);
		ret = read_file(tail, line, arg);
		if (new >= 0)
			turn_to_new_log(tail, new);
	} while (!ret && new >= 0);
	return ret;
}

void log_tail_close(struct log_tail *tail)
{
	if (!tail)
		return;
	if (tail->watch >= 0)
		close(tail->watch);
	if (tail->file >= 0)
		close(tail->file);
	free(tail);
}
