// SPDX-License-Identifier: GPL-2.0-only
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "record.h"
#include "restore.h"

/* In the folder of the record: who writes a byte into it confirms. */
#define FIFO "confirm"

/* What is said to the guard, and what it says at its end. */
enum {
	ARM = 'a', DISMISS = 'd', KEEP = 'y', PUT_BACK = 'n',
	KEPT = 'k', IS_BACK = 'b', FAILED_TO = 'f',
};

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The next byte of a pipe, 0 at its end, or -1 where there is none within the time; forever: -1. */
static int next_byte(int fd, long wait)
{
	struct pollfd polled = { fd, POLLIN, 0 };
	char byte;
	ssize_t n;

	if (poll(&polled, 1, wait) <= 0)
		return -1;
	n = read(fd, &byte, 1);
	return n == 1 ? byte : n == 0 ? 0 : -1;
}

/* Waits for a word from the terminal or from "secmarkctl confirm", or for the end of the time. Is it to stay? */
static bool is_confirmed(int from, int fifo, unsigned int seconds)
{
	struct pollfd polled[2] = { { from, POLLIN, 0 }, { fifo, POLLIN, 0 } };
	long end = milliseconds() + 1000L * seconds, left;
	int byte;

	while ((left = end - milliseconds()) > 0) {
		if (poll(polled, 2, left) <= 0)
			continue;
		if (polled[1].revents)
			return true;
		byte = next_byte(from, 0);
		if (byte == KEEP || byte == PUT_BACK)
			return byte == KEEP;
		/* the command is gone, and the terminal perhaps with it: the time still runs */
		polled[0].fd = -1;
	}
	return false;
}

/* Puts the old rules back, unless somebody has confirmed them in the last moment. */
static int put_back(int fifo, const struct record *before, bool changed)
{
	struct record_lock lock;
	struct err err;
	int end = IS_BACK;

	if (record_lock(&lock, &err)) {
		syslog(LOG_ERR, "the old rules were not put back: %s", err.what);
		return FAILED_TO;
	}
	if (changed && next_byte(fifo, 0) > 0)
		end = KEPT;
	else if (restore(&lock, before, &err))
		end = FAILED_TO;
	if (end == FAILED_TO)
		syslog(LOG_ERR, "the old rules were not put back: %s", err.what);
	else if (end == IS_BACK)
		syslog(LOG_NOTICE, "nobody confirmed the new rules: the old ones are back");
	unlinkat(lock.fd, FIFO, 0);
	record_unlock(&lock);
	return end;
}

static void drop_fifo(void)
{
	struct record_lock lock;
	struct err ignored;

	if (record_lock(&lock, &ignored))
		return;
	unlinkat(lock.fd, FIFO, 0);
	record_unlock(&lock);
}

/* The process itself. */
__attribute__((noreturn)) static void serve(int from, int to, int fifo, unsigned int seconds,
					    const struct record *before)
{
	int byte, end = KEPT;
	char said;

	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	openlog("secmarkctl", LOG_PID, LOG_DAEMON);
	byte = next_byte(from, -1);
	if (byte == DISMISS)
		drop_fifo();
	else if (byte != ARM)
		end = put_back(fifo, before, false);
	else if (is_confirmed(from, fifo, seconds))
		drop_fifo();
	else
		end = put_back(fifo, before, true);
	said = end;
	if (write(to, &said, 1) < 0)
		syslog(LOG_DEBUG, "nobody waits for the end");
	_exit(0);
}

/* The reading end is a writing end as well: else it would end with its first writer. */
static int open_fifo(const struct record_lock *lock)
{
	if (mkfifoat(lock->fd, FIFO, 0600))
		return -errno;
	return openat(lock->fd, FIFO, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static void close_both(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

int guard_start(struct guard *guard, const struct record_lock *lock, unsigned int seconds,
		const struct record *before, struct err *err)
{
	int to[2] = { -1, -1 }, from[2] = { -1, -1 }, fifo = open_fifo(lock);

	if (fifo >= 0 && !pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC)) {
		guard->pid = fork();
		if (guard->pid == 0) {
			/* not to be kept from its end by its own copies */
			close(to[1]);
			close(from[0]);
			close(lock->fd);
			serve(to[0], from[1], fifo, seconds, before);
		}
		close(fifo);
		close(to[0]);
		close(from[1]);
		guard->to = to[1];
		guard->from = from[0];
		if (guard->pid > 0)
			return 0;
	}
	err_set(err, -errno, "cannot start the process that would put the old rules back: %s", strerror(errno));
	guard->pid = 0;
	unlinkat(lock->fd, FIFO, 0);
	close_both(to);
	return -EIO;
}

static void say(const struct guard *guard, char word)
{
	while (write(guard->to, &word, 1) < 0 && errno == EINTR)
		;
}

void guard_arm(struct guard *guard)
{
	if (guard->pid)
		say(guard, ARM);
}

void guard_dismiss(struct guard *guard)
{
	if (!guard->pid)
		return;
	say(guard, DISMISS);
	close(guard->to);
	close(guard->from);
	waitpid(guard->pid, NULL, 0);
	guard->pid = 0;
}

/* Ctrl-C while somebody is asked is a "no"; the descriptor is all that a handler can know. */
static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* What somebody types, or that the time is over: then the guard has spoken. */
static void ask(const struct guard *guard, unsigned int seconds)
{
	struct pollfd polled[2] = { { guard->from, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
	bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	char line[16] = "";

	if (terminal)
		fprintf(stderr, "Keep the new rules? Without a \"y\" the old ones are back in %u seconds: ", seconds);
	else
		fprintf(stderr, "The old rules are back in %u seconds, unless \"secmarkctl confirm\" is called.\n", seconds);
	while (!interrupted && !polled[0].revents && !polled[1].revents)
		if (poll(polled, terminal ? 2 : 1, -1) < 0 && errno != EINTR)
			break;
	if (polled[0].revents && terminal)
		fputc('\n', stderr);
	if (!interrupted && polled[1].revents && !polled[0].revents && read(STDIN_FILENO, line, sizeof(line)) < 0)
		line[0] = '\0';
	if (interrupted || polled[1].revents)
		say(guard, line[0] == 'y' || line[0] == 'Y' ? KEEP : PUT_BACK);
}

bool guard_wait(struct guard *guard, unsigned int seconds)
{
	struct sigaction action = { .sa_handler = interrupt };
	int end;

	sigaction(SIGINT, &action, NULL);
	ask(guard, seconds);
	while ((end = next_byte(guard->from, -1)) < 0)
		;
	close(guard->to);
	close(guard->from);
	waitpid(guard->pid, NULL, 0);
	if (end == IS_BACK)
		fputs("secmarkctl: the new rules were not confirmed; the old ones are back\n", stderr);
	else if (end != KEPT)
		fputs("secmarkctl: the new rules were not confirmed, and the old ones could not be put back\n", stderr);
	return end == KEPT;
}

bool guard_is_there(const struct record_lock *lock)
{
	int fd = openat(lock->fd, FIFO, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ENXIO)
		unlinkat(lock->fd, FIFO, 0);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int guard_confirm(const struct record_lock *lock)
{
	int fd = openat(lock->fd, FIFO, O_WRONLY | O_NONBLOCK | O_CLOEXEC), ret;

	if (fd < 0)
		return -ENOENT;
	ret = write(fd, "y", 1) == 1 ? 0 : -EIO;
	close(fd);
	return ret;
}

