// SPDX-License-Identifier: GPL-2.0-only
#include "host/log_tail.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/clock.h"

/* As lines of audit/reader.h */
#define LINE_MAX_BYTES 16384

/* A daemon may make its log first, and give it to the group of its readers then. */
#define PATIENCE_MS 5000
/* How often to look at the log where a policy lets nobody watch its folder */
#define LOOK_SECONDS 1
/* auditd keeps at most so many (num_logs, auditd.conf(5)) */
#define OLD_LOGS 999

struct log_tail {
	const char *path;
	int watch;                /* inotify of the folder, or a timer */
	int file;                 /* what is read; -1: the log has not begun */
	int64_t refused;          /* since when the new log cannot be read, or 0 */
	char buf[LINE_MAX_BYTES]; /* the beginning of a line */
	size_t n;
	bool skips; /* the rest of a line that is too long */
};

/* Returns the file or -errno. */
static int open_log(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), ret = 0;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		ret = -errno;
	else if (!S_ISREG(st.st_mode))
		ret = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

static int start_timer(void)
{
	const struct itimerspec each = { { LOOK_SECONDS, 0 }, { LOOK_SECONDS, 0 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), ret;

	if (fd < 0 || !timerfd_settime(fd, 0, &each, NULL))
		return fd < 0 ? -errno : fd;
	ret = -errno;
	close(fd);
	return ret;
}

/* Returns a file descriptor or -errno. SELinux has a permission of its own for watching, which who
 * may read the log need not have. */
static int watch_folder(const char *path)
{
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), ret = watch < 0 ? -errno : 0;
	char *copy = alloc_copy(path);

	if (watch >= 0 &&
	    inotify_add_watch(watch, dirname(copy), IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0)
		ret = -errno;
	free(copy);
	if (!ret)
		return watch;
	if (watch >= 0)
		close(watch);
	return ret == -ENOENT || ret == -ENOTDIR ? ret : start_timer();
}

int log_tail_open(const char *path, struct log_tail **tail)
{
	struct log_tail *t = alloc_zeroed(1, sizeof(*t));
	int ret;

	t->path = path;
	t->watch = watch_folder(path);
	t->file = open_log(path);
	ret = t->watch < 0 ? t->watch : t->file == -ENOENT ? 0 : t->file;
	if (t->file >= 0 && lseek(t->file, 0, SEEK_END) < 0)
		ret = -errno;
	if (ret < 0) {
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

/* No line has begun. */
static void forget_line(struct log_tail *t)
{
	t->n = 0;
	t->skips = false;
}

/* Has the log been emptied? Then goes to its beginning. */
static bool was_emptied(struct log_tail *t)
{
	struct stat st;

	if (fstat(t->file, &st) || lseek(t->file, 0, SEEK_CUR) <= st.st_size ||
	    lseek(t->file, 0, SEEK_SET))
		return false;
	forget_line(t);
	return true;
}

static bool is_same_file(int fd, const char *path)
{
	struct stat a, b;

	return !fstat(fd, &a) && !stat(path, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Opens the log if another one has begun. Returns its file, -EAGAIN if none has, or -errno. */
static int open_new_log(struct log_tail *t)
{
	int64_t now = clock_milliseconds();
	int fd;

	if (t->file >= 0 && is_same_file(t->file, t->path))
		return -EAGAIN;
	fd = open_log(t->path);
	if (fd != -EACCES) {
		t->refused = 0;
		/* between two logs there is none */
		return fd == -ENOENT ? -EAGAIN : fd;
	}
	if (!t->refused)
		t->refused = now;
	return now - t->refused < PATIENCE_MS ? -EAGAIN : fd;
}

static void turn_to_log(struct log_tail *t, int fd)
{
	if (t->file >= 0)
		close(t->file);
	t->file = fd;
	forget_line(t);
}

/* The nth of the logs that were, the newest first. The text is good until the next call. */
static const char *old_log(const struct log_tail *t, int n)
{
	static char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s.%d", t->path, n);
	return name;
}

/* Reads the logs that began and ended since the last call: those between the old log, which is
 * LOG.N by now, and the new one. Returns 0, 1 if lines may be missing, or -errno. */
static int read_logs_between(struct log_tail *t, int new, log_tail_line *line, void *arg)
{
	struct stat st;
	int ret = 0, fd, n;

	for (n = 1; n <= OLD_LOGS && !is_same_file(t->file, old_log(t, n)); n++)
		;
	if (n > OLD_LOGS)
		return !fstat(t->file, &st) && !st.st_nlink;
	while (!ret && --n > 0 && !is_same_file(new, old_log(t, n))) {
		fd = open_log(old_log(t, n));
		if (fd < 0)
			return fd == -ENOENT || fd == -EACCES ? 1 : fd;
		turn_to_log(t, fd);
		ret = read_file(t, line, arg);
	}
	return ret;
}

/* new: the file of the new log, or less than 0. Returns 0, 1 if lines may be missing, or -errno. */
static int read_old_log(struct log_tail *t, int new, log_tail_line *line, void *arg)
{
	bool lost = was_emptied(t);
	int ret = read_file(t, line, arg);

	if (!ret && new >= 0)
		ret = read_logs_between(t, new, line, arg);
	return ret ? ret : lost;
}

int log_tail_read(struct log_tail *tail, log_tail_line *line, void *arg)
{
	char events[4096];
	int ret = 0, new;
	bool lost = false;

	/* what happened does not matter: the files tell */
	while (read(tail->watch, events, sizeof(events)) > 0)
		;
	do {
		/* first: once there is a new log, the old one grows no more */
		new = open_new_log(tail);
		if (tail->file >= 0)
			ret = read_old_log(tail, new, line, arg);
		lost |= ret > 0;
		if (new >= 0)
			turn_to_log(tail, new);
	} while (ret >= 0 && new >= 0);
	if (ret >= 0 && new != -EAGAIN)
		ret = new;
	return ret < 0 ? ret : lost;
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
