// SPDX-License-Identifier: GPL-2.0-only
#include "util/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "util/alloc.h"
#include "util/clock.h"

#define CHUNK 65536

/* The exit status of a child that could not run the program; env(1) uses it too. */
#define NOT_FOUND 127

/* The pipes to the program's standard input, output and error; -1: closed. */
struct pipes {
	int fd[3];
	int child[3];
};

/* The text to write to the program, and what was read from it. */
struct text {
	char **data;
	size_t *len;
	size_t room; /* of data, in bytes */
};

static void run_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void pipes_close(struct pipes *p)
{
	int i;

	for (i = 0; i < 3; i++) {
		run_close(&p->fd[i]);
		run_close(&p->child[i]);
	}
}

/* "FOLDER/PROGRAM" if this can be run, or NULL. The caller frees it. */
static char *run_find_in(const char *folder, size_t len, const char *program)
{
	size_t size = len + strlen(program) + 2;
	char *path = alloc_zeroed(size, 1);
	struct stat st;

	snprintf(path, size, "%.*s/%s", (int)len, folder, program);
	if (!access(path, X_OK) && !stat(path, &st) && S_ISREG(st.st_mode))
		return path;
	free(path);
	return NULL;
}

char *run_find(const char *program)
{
	const char *const places[] = { getenv("PATH"), "/usr/sbin:/sbin" };
	const char *folder;
	char *path = NULL;
	size_t i, len;

	if (strchr(program, '/'))
		return alloc_text(program, strlen(program));
	for (i = 0; i < 2 && !path; i++)
		for (folder = places[i]; folder && *folder && !path;
		     folder += strspn(folder, ":")) {
			len = strcspn(folder, ":");
			path = run_find_in(folder, len, program);
			folder += len;
		}
	return path;
}

static int pipes_open(struct pipes *p)
{
	int i, ends[2];

	for (i = 0; i < 3; i++)
		p->fd[i] = p->child[i] = -1;
	for (i = 0; i < 3; i++) {
		if (pipe2(ends, O_CLOEXEC))
			return -errno;
		p->fd[i] = ends[i == 0];
		p->child[i] = ends[i != 0];
		if (fcntl(p->fd[i], F_SETFL, O_NONBLOCK))
			return -errno;
	}
	return 0;
}

/* In the child: runs the program. */
__attribute__((noreturn)) static void become_program(const char *const argv[],
						     const struct pipes *p, const sigset_t *mask)
{
	char *path = run_find(argv[0]);
	int i;

	for (i = 0; i < 3; i++)
		if (dup2(p->child[i], i) < 0)
			_exit(NOT_FOUND);
	/* also those that whoever started this process left open */
	close_range(3, ~0U, 0);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (path)
		execv(path, (char *const *)argv);
	_exit(NOT_FOUND);
}

/*
 * In the child: runs the program in a child of its own, and ends as the program does. This process
 * keeps the files that close when a program begins, above all a lock (load/state.h): so the lock
 * lasts as long as the program, even if the process that called run() is killed. The program itself
 * gets only its three pipes: SELinux judges each open file that a program inherits.
 */
__attribute__((noreturn)) static void stay_with_program(const char *const argv[], struct pipes *p,
							const sigset_t *mask)
{
	pid_t pid;
	int ws;

	/* what kills this process at the end of the time has to kill the program as well */
	setpgid(0, 0);
	pid = fork();
	if (pid == 0)
		become_program(argv, p, mask);
	pipes_close(p);
	while (pid > 0 && waitpid(pid, &ws, 0) < 0)
		if (errno != EINTR)
			_exit(NOT_FOUND);
	if (pid < 0)
		_exit(NOT_FOUND);
	_exit(WIFSIGNALED(ws) ? RUN_SIGNALED + WTERMSIG(ws) : WEXITSTATUS(ws));
}

/* Writes as much as fits. It is no error if the program does not read all of it. */
static void feed_program(int *fd, const char **input, size_t *len)
{
	ssize_t n = *len ? write(*fd, *input, *len < CHUNK ? *len : CHUNK) : 0;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		*input += n;
		*len -= n;
	}
	if (n < 0 || !*len)
		run_close(fd);
}

/* Makes room for a chunk and a NUL. The room is doubled, because listings are long. */
static int room_for_chunk(struct text *text)
{
	char *bigger;

	if (text->room > *text->len + CHUNK)
		return 0;
	text->room = 2 * (*text->len + CHUNK);
	bigger = realloc(*text->data, text->room);
	if (!bigger)
		return -ENOMEM;
	*text->data = bigger;
	return 0;
}

static int take_output(int *fd, struct text *text)
{
	int ret = room_for_chunk(text);
	ssize_t n;

	if (ret)
		return ret;
	n = read(*fd, *text->data + *text->len, CHUNK);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		n = 0;
	else if (n <= 0)
		run_close(fd);
	*text->len += n > 0 ? n : 0;
	(*text->data)[*text->len] = '\0';
	return *text->len > RUN_OUTPUT_MAX ? -EFBIG : 0;
}

/* Reads until the program has closed its output, or the time is over. */
static int talk_to_program(struct pipes *p, const char *input, size_t len, int64_t deadline,
			   struct run_result *r)
{
	struct text texts[] = {
		{ 0 },
		{ .data = &r->out, .len = &r->out_len },
		{ .data = &r->err, .len = &r->err_len },
	};
	int i, ret;
	int64_t left;

	while (p->fd[1] >= 0 || p->fd[2] >= 0) {
		struct pollfd polled[3] = {
			{ p->fd[0], POLLOUT, 0 },
			{ p->fd[1], POLLIN, 0 },
			{ p->fd[2], POLLIN, 0 },
		};

		left = deadline - clock_milliseconds();
		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(polled, 3, left) < 0 && errno != EINTR)
			return -errno;
		if (polled[0].revents)
			feed_program(&p->fd[0], &input, &len);
		for (i = 1; i < 3; i++) {
			ret = polled[i].revents ? take_output(&p->fd[i], &texts[i]) : 0;
			if (ret)
				return ret;
		}
	}
	return 0;
}

/* Waits for the child. It has closed its output, but may still run. */
static int reap_program(pid_t pid, int64_t deadline, int *status)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int ws;
	pid_t got;

	while ((got = waitpid(pid, &ws, WNOHANG)) == 0) {
		if (clock_milliseconds() > deadline)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
	if (got < 0)
		return -errno;
	*status = WIFSIGNALED(ws) ? RUN_SIGNALED + WTERMSIG(ws) : WEXITSTATUS(ws);
	return 0;
}

/* Takes back a SIGPIPE that writing to the program has caused. */
static void forget_sigpipe(const sigset_t *before)
{
	const struct timespec now = { 0 };
	sigset_t sigpipe;

	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	if (!sigismember(before, SIGPIPE))
		while (sigtimedwait(&sigpipe, NULL, &now) > 0)
			;
	sigprocmask(SIG_SETMASK, before, NULL);
}

static int run_child(const char *const argv[], struct pipes *p, const char *input, size_t len,
		     unsigned int seconds, struct run_result *r)
{
	int64_t deadline = clock_milliseconds() + 1000L * seconds;
	sigset_t block, before;
	pid_t pid;
	int i, ret;

	sigemptyset(&block);
	sigaddset(&block, SIGPIPE);
	sigprocmask(SIG_BLOCK, &block, &before);
	pid = fork();
	if (pid == 0)
		stay_with_program(argv, p, &before);
	/* the child does the same: whoever is first */
	if (pid > 0)
		setpgid(pid, pid);
	ret = pid < 0 ? -errno : 0;
	for (i = 0; i < 3; i++)
		run_close(&p->child[i]);
	if (!ret) {
		ret = talk_to_program(p, input, len, deadline, r);
		if (!ret)
			ret = reap_program(pid, deadline, &r->status);
		if (ret) {
			kill(-pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
	}
	forget_sigpipe(&before);
	return ret;
}

int run(const char *const argv[], const char *input, size_t len, unsigned int seconds,
	struct run_result *result, struct err *err)
{
	struct pipes p;
	int ret;

	*result = (struct run_result){ 0 };
	ret = pipes_open(&p);
	if (!ret)
		ret = run_child(argv, &p, input, input ? len : 0, seconds, result);
	pipes_close(&p);
	if (!ret && (!result->out || !result->err))
		ret = -ENOMEM;
	if (ret == -EFBIG)
		return err_set(err, ret, "the output of %s is larger than %d MiB", argv[0],
			       RUN_OUTPUT_MAX >> 20);
	if (ret == -ETIMEDOUT)
		return err_set(err, ret, "%s has not ended after %u seconds", argv[0], seconds);
	if (!ret && result->status == NOT_FOUND && !result->out_len && !result->err_len)
		return err_set(err, -ENOENT, "%s cannot be run: is it installed?", argv[0]);
	return ret ? err_set(err, ret, "%s: %s", argv[0], strerror(-ret)) : 0;
}

void run_free(struct run_result *result)
{
	free(result->out);
	free(result->err);
	*result = (struct run_result){ 0 };
}
