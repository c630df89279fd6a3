// SPDX-License-Identifier: GPL-2.0-only
#include "confirm.h"

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

#include "base/err.h"
#include "load/restore.h"
#include "load/state.h"

/* In the folder of the record: who writes a byte into it confirms. */
#define FIFO "confirm"

/* What is said to the guard, and what it says at its end. */
enum {
	ARM = 'a',
	DISMISS = 'd',
	KEEP = 'y',
	PUT_BACK = 'n',
	KEPT = 'k',
	IS_BACK = 'b',
	FAILED_TO = 'f',
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

/* Somebody wants it over: of the guard by SIGTERM, which brings the old rules back, of who is asked
 * by Ctrl-C, which is a "no". */
static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* The signal is heard in ppoll() alone, with the mask that this gives: between a look at the flag
 * and the next sleep it would be lost. */
static void hear(int signal, sigset_t *mask)
{
	const struct sigaction action = { .sa_handler = interrupt };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_BLOCK, &set, mask);
	sigdelset(mask, signal);
	sigaction(signal, &action, NULL);
}

/* Waits for a word from the terminal or from "secmarkctl confirm", or for the end of the time. Is
 * it to stay? */
static bool is_confirmed(int from, int fifo, unsigned int seconds)
{
	struct pollfd polled[2] = { { from, POLLIN, 0 }, { fifo, POLLIN, 0 } };
	long end = milliseconds() + 1000L * seconds, left;
	sigset_t mask;
	int byte;

	hear(SIGTERM, &mask);
	while (!interrupted && (left = end - milliseconds()) > 0) {
		const struct timespec wait = { left / 1000, left % 1000 * 1000000 };

		if (ppoll(polled, 2, &wait, &mask) <= 0)
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

/* Its own: once that was confirmed, the next guard may have one. */
static void unlink_fifo(const struct record_lock *lock, int fifo)
{
	struct stat own, there;

	if (!fstat(fifo, &own) && !fstatat(lock->fd, FIFO, &there, AT_SYMLINK_NOFOLLOW) &&
	    own.st_ino == there.st_ino)
		unlinkat(lock->fd, FIFO, 0);
}

/* Returns IS_BACK, KEPT if somebody has confirmed the rules in the last moment, or -errno. */
static int try_to_put_back(int fifo, const struct record *before, bool changed, struct err *err)
{
	struct record_lock lock;
	int ret = record_lock(&lock, err), end = IS_BACK;

	if (ret)
		return ret;
	if (changed && next_byte(fifo, 0) > 0)
		end = KEPT;
	else
		ret = restore(&lock, before, err);
	if (ret != -EBUSY)
		unlink_fifo(&lock, fifo);
	record_unlock(&lock);
	return ret ? ret : end;
}

/* However long others keep a lock: without the old rules somebody may be locked out. */
static int put_back(int fifo, const struct record *before, bool changed)
{
	struct err err;
	int ret;

	while ((ret = try_to_put_back(fifo, before, changed, &err)) == -EBUSY) {
		syslog(LOG_WARNING, "the old rules cannot be put back yet: %s", err.what);
		sleep(1);
	}
	if (ret < 0)
		syslog(LOG_ERR, "the old rules were not put back: %s", err.what);
	else if (ret == IS_BACK)
		syslog(LOG_NOTICE, "the new rules were not confirmed: the old ones are back");
	return ret < 0 ? FAILED_TO : ret;
}

static void drop_fifo(int fifo)
{
	struct record_lock lock;
	struct err ignored;

	if (record_lock(&lock, &ignored))
		return;
	unlink_fifo(&lock, fifo);
	record_unlock(&lock);
}

/* Who waits until the command has closed its output does not wait for the guard. */
static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	for (i = 0; i < 3 && null >= 0; i++)
		dup2(null, i);
	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* The process itself. */
__attribute__((noreturn)) static void serve(int from, int to, int fifo, unsigned int seconds,
					    const struct record *before)
{
	int byte, end = KEPT;
	char said;

	leave_terminal();
	openlog("secmarkctl", LOG_PID, LOG_DAEMON);
	byte = next_byte(from, -1);
	if (byte == DISMISS)
		_exit(0);
	if (byte != ARM)
		end = put_back(fifo, before, false);
	else if (is_confirmed(from, fifo, seconds))
		drop_fifo(fifo);
	else
		end = put_back(fifo, before, true);
	said = end;
	if (write(to, &said, 1) < 0)
		syslog(LOG_DEBUG, "the command has ended already");
	_exit(0);
}

/* The reading end is a writing end as well: else it would end with its first writer. */
static int open_fifo(const struct record_lock *lock)
{
	if (mkfifoat(lock->fd, FIFO, 0600))
		return -1;
	return openat(lock->fd, FIFO, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static void close_one(int fd)
{
	if (fd >= 0)
		close(fd);
}

int guard_start(struct guard *guard, const struct record_lock *lock, unsigned int seconds,
		const struct record *before, struct err *err)
{
	int to[2] = { -1, -1 }, from[2] = { -1, -1 }, fifo = open_fifo(lock), why;

	guard->pid = -1;
	if (fifo >= 0 && !pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC))
		guard->pid = fork();
	why = errno;
	if (guard->pid == 0) {
		/* not to be kept from its end by its own copies */
		close(to[1]);
		close(from[0]);
		close(lock->fd);
		serve(to[0], from[1], fifo, seconds, before);
	}
	close_one(fifo);
	close_one(to[0]);
	close_one(from[1]);
	guard->to = to[1];
	guard->from = from[0];
	if (guard->pid > 0)
		return 0;
	guard->pid = 0;
	close_one(to[1]);
	close_one(from[0]);
	unlinkat(lock->fd, FIFO, 0);
	return err_set(err, -why, "cannot start the process that would put the old rules back: %s",
		       strerror(why));
}

static void say(const struct guard *guard, char word)
{
	while (write(guard->to, &word, 1) < 0 && errno == EINTR)
		;
}

void guard_arm(struct guard *guard)
{
	const struct sigaction action = { .sa_handler = interrupt };

	if (!guard->pid)
		return;
	/* from here on an answer, also one that has come meanwhile and waits for the lock to go */
	sigaction(SIGINT, &action, NULL);
	/* a guard that was killed is found out by what it does not say */
	signal(SIGPIPE, SIG_IGN);
	say(guard, ARM);
}

void guard_dismiss(struct guard *guard, const struct record_lock *lock)
{
	if (!guard->pid)
		return;
	unlinkat(lock->fd, FIFO, 0);
	signal(SIGPIPE, SIG_IGN);
	say(guard, DISMISS);
	close(guard->to);
	close(guard->from);
	waitpid(guard->pid, NULL, 0);
	guard->pid = 0;
}

void guard_alarm(struct guard *guard)
{
	if (!guard->pid)
		return;
	/* who is not armed and hears no more knows what to do */
	close(guard->to);
	close(guard->from);
	guard->pid = 0;
}

/* What somebody types, or that the time is over: then the guard has spoken. */
static void ask(const struct guard *guard, unsigned int seconds)
{
	struct pollfd polled[2] = { { guard->from, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
	bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	char line[16] = "";
	sigset_t mask;

	if (terminal)
		fprintf(stderr,
			"Keep the new rules? Type y within %u seconds, or the old ones come back: ",
			seconds);
	else
		fprintf(stderr,
			"The old rules come back in %u seconds unless you run \"secmarkctl "
			"confirm\".\n",
			seconds);
	hear(SIGINT, &mask);
	while (!interrupted && !polled[0].revents && !polled[1].revents) {
		if (ppoll(polled, terminal ? 2 : 1, NULL, &mask) < 0 && errno != EINTR)
			break;
		/* a terminal that is gone has answered nothing */
		if (polled[1].revents & POLLHUP)
			polled[1] = (struct pollfd){ -1, 0, 0 };
	}
	if (terminal && (interrupted || polled[0].revents))
		fputc('\n', stderr);
	if (!interrupted && polled[1].revents && !polled[0].revents &&
	    read(STDIN_FILENO, line, sizeof(line)) < 0)
		line[0] = '\0';
	if (interrupted || polled[1].revents)
		say(guard, line[0] == 'y' || line[0] == 'Y' ? KEEP : PUT_BACK);
}

bool guard_wait(struct guard *guard, unsigned int seconds)
{
	int end;

	ask(guard, seconds);
	while ((end = next_byte(guard->from, -1)) < 0)
		;
	close(guard->to);
	close(guard->from);
	waitpid(guard->pid, NULL, 0);
	if (end == IS_BACK)
		fputs("secmarkctl: the new rules were not confirmed; the old ones are back\n",
		      stderr);
	else if (end != KEPT)
		fputs("secmarkctl: the new rules were not confirmed, and the old ones could not be "
		      "put back\n",
		      stderr);
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

	if (fd < 0) {
		unlinkat(lock->fd, FIFO, 0);
		return -ENOENT;
	}
	ret = write(fd, "y", 1) == 1 ? 0 : -EIO;
	/* who comes next does not have to wait until the guard has read it */
	if (!ret)
		unlinkat(lock->fd, FIFO, 0);
	close(fd);
	return ret;
}
