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
#include "load/boot.h"
#include "load/guard_transition.h"
#include "load/restore.h"
#include "load/state.h"
#include "util/clock.h"

/* In the folder of the record. "secmarkctl confirm" writes a byte into it. */
#define GUARD_FIFO "confirm"

/* The next byte of a pipe; 0 at its end, or if none comes within @wait milliseconds. -1: wait
 * forever. */
static char guard_next_byte(int fd, long wait)
{
	struct pollfd polled = { fd, POLLIN, 0 };
	char byte;
	int ready;

	while ((ready = poll(&polled, 1, wait)) < 0 && errno == EINTR)
		;
	return ready > 0 && read(fd, &byte, 1) == 1 ? byte : 0;
}

/* Set by a signal. SIGTERM tells the guard to put the old rules back. SIGINT (Ctrl-C) tells the
 * command that the answer is "no". */
static volatile sig_atomic_t guard_interrupted;

static void guard_interrupt(int signal)
{
	(void)signal;
	guard_interrupted = 1;
}

/* Blocks the signal, except in a ppoll() with this mask. Otherwise it would be lost if it came
 * after the flag was read and before the process sleeps. */
static void guard_catch(int signal, sigset_t *mask)
{
	const struct sigaction action = { .sa_handler = guard_interrupt };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_BLOCK, &set, mask);
	sigdelset(mask, signal);
	sigaction(signal, &action, NULL);
}

/* The guard's own process. */
struct guard_process {
	int from, to; /* pipes: from the command, to the command */
	int fifo;
	unsigned int seconds;
	long deadline; /* of clock_milliseconds() */
	sigset_t mask; /* while it waits */
	const struct load_state *before, *after;
};

/* Waits for the terminal, for "secmarkctl confirm", or for the end of the time. */
static enum guard_event guard_watch(struct guard_process *g)
{
	struct pollfd polled[2] = { { g->from, POLLIN, 0 }, { g->fifo, POLLIN, 0 } };
	enum guard_event event;
	long left;

	while (!guard_interrupted && (left = g->deadline - clock_milliseconds()) > 0) {
		const struct timespec wait = { left / 1000, left % 1000 * 1000000 };

		if (ppoll(polled, 2, &wait, &g->mask) <= 0)
			continue;
		if (polled[1].revents)
			return GUARD_ON_CONFIRM;
		event = guard_hear(GUARD_WAITING, guard_next_byte(g->from, 0));
		/* the command is gone, and the terminal perhaps with it: the time still runs */
		if (event == GUARD_ON_GONE)
			g->from = -1;
		return event;
	}
	return GUARD_ON_TIME;
}

/* Only the guard's own fifo: after "secmarkctl confirm" the next guard may have one here. Returns
 * false if it was not there. */
static bool guard_unlink_fifo(const struct state_lock *lock, int fifo)
{
	struct stat own, there;

	return !fstat(fifo, &own) && !fstatat(lock->fd, GUARD_FIFO, &there, AT_SYMLINK_NOFOLLOW) &&
	       own.st_ino == there.st_ino && !unlinkat(lock->fd, GUARD_FIFO, 0);
}

/* "secmarkctl confirm" has unlinked the fifo, and keeps the plan for the next boot itself: another
 * one may be loaded since. */
static void guard_keep(const struct guard_process *g)
{
	struct state_lock lock;
	struct err err;

	if (state_lock(&lock, &err))
		return;
	if (guard_unlink_fifo(&lock, g->fifo) && boot_write(g->after, &err))
		syslog(LOG_ERR, "the next boot does not load the new rules: %s", err.what);
	state_unlock(&lock);
}

/* Returns 0 or -errno. With 0, *event is set. */
static int guard_try_to_put_back(const struct guard_process *g, enum guard_phase phase,
				 enum guard_event *event, struct err *err)
{
	struct state_lock lock;
	int ret = state_lock(&lock, err);

	if (ret)
		return ret;
	*event = GUARD_ON_BACK;
	if (guard_next(phase, GUARD_ON_CONFIRM) && guard_next_byte(g->fifo, 0))
		*event = GUARD_ON_CONFIRM;
	else
		ret = restore(&lock, g->before, err);
	if (ret != -EBUSY)
		guard_unlink_fifo(&lock, g->fifo);
	state_unlock(&lock);
	return ret;
}

/* It never gives up because of a lock: without the old rules somebody may be locked out. */
static enum guard_event guard_put_back(const struct guard_process *g, enum guard_phase phase)
{
	enum guard_event event = GUARD_ON_FAIL;
	struct err err;
	int ret = guard_try_to_put_back(g, phase, &event, &err);

	if (ret == -EBUSY) {
		syslog(LOG_WARNING, "the old rules cannot be put back yet: %s", err.what);
		sleep(1);
		return GUARD_ON_BUSY;
	}
	if (ret) {
		syslog(LOG_ERR, "the old rules were not put back: %s", err.what);
		return GUARD_ON_FAIL;
	}
	if (event == GUARD_ON_BACK)
		syslog(LOG_NOTICE, "the new rules were not confirmed: the old ones are back");
	return event;
}

/* A program that waits until the command has closed its output must not wait for the guard. */
static void guard_leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	for (i = 0; i < 3 && null >= 0; i++)
		dup2(null, i);
	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

static enum guard_phase guard_work(struct guard_process *g, enum guard_phase phase)
{
	enum guard_phase next;

	switch (phase) {
	case GUARD_LOADING:
		next = guard_next(phase, guard_hear(phase, guard_next_byte(g->from, -1)));
		if (next == GUARD_WAITING) {
			guard_catch(SIGTERM, &g->mask);
			g->deadline = clock_milliseconds() + 1000L * g->seconds;
		}
		return next;
	case GUARD_WAITING:
		next = guard_next(phase, guard_watch(g));
		if (next == GUARD_KEPT)
			guard_keep(g);
		return next;
	default:
		return guard_next(phase, guard_put_back(g, phase));
	}
}

__attribute__((noreturn)) static void guard_serve(struct guard_process *g)
{
	enum guard_phase phase = GUARD_LOADING;
	char word;

	guard_leave_terminal();
	openlog("secmarkctl", LOG_PID, LOG_DAEMON);
	while (!guard_is_over(phase))
		phase = guard_work(g, phase);
	word = guard_last_word(phase);
	if (word && write(g->to, &word, 1) < 0)
		syslog(LOG_DEBUG, "the command has ended already");
	_exit(0);
}

/* Opened for writing as well: otherwise the fifo would end with its first writer. */
static int guard_open_fifo(const struct state_lock *lock)
{
	if (mkfifoat(lock->fd, GUARD_FIFO, 0600))
		return -1;
	return openat(lock->fd, GUARD_FIFO, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static void guard_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int confirm_start(struct confirm *guard, const struct state_lock *lock, unsigned int seconds,
		  const struct load_state *before, const struct load_state *after, struct err *err)
{
	int to[2] = { -1, -1 }, from[2] = { -1, -1 }, fifo = guard_open_fifo(lock), why;

	guard->pid = -1;
	if (fifo >= 0 && !pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC))
		guard->pid = fork();
	why = errno;
	if (guard->pid == 0) {
		struct guard_process g = {
			.from = to[0],
			.to = from[1],
			.fifo = fifo,
			.seconds = seconds,
			.before = before,
			.after = after,
		};

		/* its own copies would keep the pipes from ending */
		close(to[1]);
		close(from[0]);
		close(lock->fd);
		guard_serve(&g);
	}
	guard_close(fifo);
	guard_close(to[0]);
	guard_close(from[1]);
	guard->to = to[1];
	guard->from = from[0];
	if (guard->pid > 0)
		return 0;
	guard->pid = 0;
	guard_close(to[1]);
	guard_close(from[0]);
	unlinkat(lock->fd, GUARD_FIFO, 0);
	return err_set(err, -why, "cannot start the process that would put the old rules back: %s",
		       strerror(why));
}

static void guard_say(const struct confirm *guard, enum guard_event event)
{
	char word = guard_word(event);

	while (write(guard->to, &word, 1) < 0 && errno == EINTR)
		;
}

void confirm_arm(struct confirm *guard)
{
	const struct sigaction action = { .sa_handler = guard_interrupt };

	if (!guard->pid)
		return;
	/* SIGINT is now an answer. One that came during the load is delivered at state_unlock(). */
	sigaction(SIGINT, &action, NULL);
	/* confirm_wait() notices a guard that was killed: no last word comes */
	signal(SIGPIPE, SIG_IGN);
	guard_say(guard, GUARD_ON_ARM);
}

void confirm_dismiss(struct confirm *guard, const struct state_lock *lock)
{
	if (!guard->pid)
		return;
	unlinkat(lock->fd, GUARD_FIFO, 0);
	signal(SIGPIPE, SIG_IGN);
	guard_say(guard, GUARD_ON_DISMISS);
	close(guard->to);
	close(guard->from);
	waitpid(guard->pid, NULL, 0);
	guard->pid = 0;
}

void confirm_alarm(struct confirm *guard)
{
	if (!guard->pid)
		return;
	/* GUARD_ON_GONE */
	close(guard->to);
	close(guard->from);
	guard->pid = 0;
}

/* Waits until somebody answers, or the guard has said its last word. */
static void guard_ask(const struct confirm *guard, unsigned int seconds)
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
	guard_catch(SIGINT, &mask);
	while (!guard_interrupted && !polled[0].revents && !polled[1].revents) {
		if (ppoll(polled, terminal ? 2 : 1, NULL, &mask) < 0 && errno != EINTR)
			break;
		/* a terminal that hung up is no answer */
		if (polled[1].revents & POLLHUP)
			polled[1] = (struct pollfd){ -1, 0, 0 };
	}
	if (terminal && (guard_interrupted || polled[0].revents))
		fputc('\n', stderr);
	if (!guard_interrupted && polled[1].revents && !polled[0].revents &&
	    read(STDIN_FILENO, line, sizeof(line)) < 0)
		line[0] = '\0';
	if (guard_interrupted || polled[1].revents)
		guard_say(guard, line[0] == 'y' || line[0] == 'Y' ? GUARD_ON_YES : GUARD_ON_NO);
}

bool confirm_wait(struct confirm *guard, unsigned int seconds)
{
	char word;

	guard_ask(guard, seconds);
	word = guard_next_byte(guard->from, -1);
	close(guard->to);
	close(guard->from);
	waitpid(guard->pid, NULL, 0);
	if (word == guard_last_word(GUARD_BACK))
		fputs("secmarkctl: the new rules were not confirmed; the old ones are back\n",
		      stderr);
	else if (word != guard_last_word(GUARD_KEPT))
		fputs("secmarkctl: the new rules were not confirmed, and the old ones could not be "
		      "put back\n",
		      stderr);
	return word == guard_last_word(GUARD_KEPT);
}

bool confirm_is_pending(const struct state_lock *lock)
{
	int fd = openat(lock->fd, GUARD_FIFO, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ENXIO)
		unlinkat(lock->fd, GUARD_FIFO, 0);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int confirm_keep(const struct state_lock *lock)
{
	int fd = openat(lock->fd, GUARD_FIFO, O_WRONLY | O_NONBLOCK | O_CLOEXEC), ret;

	if (fd < 0) {
		unlinkat(lock->fd, GUARD_FIFO, 0);
		return -ENOENT;
	}
	ret = write(fd, "y", 1) == 1 ? 0 : -EIO;
	/* the next command does not have to wait until the guard has read it */
	if (!ret)
		unlinkat(lock->fd, GUARD_FIFO, 0);
	close(fd);
	return ret;
}
