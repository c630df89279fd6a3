// SPDX-License-Identifier: GPL-2.0-only
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
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

/* Pauses between the tries to put the old rules back, in seconds. After the last pause there is one
 * more try. */
static const unsigned int guard_pauses[] = { 1, 2, 4, 8 };

#define GUARD_TRIES (sizeof(guard_pauses) / sizeof(guard_pauses[0]) + 1)

/* The pause between the tries to remove the new rules. */
#define GUARD_LAST_PAUSE 10

/* The pause if others are changing rules. The first tries of that kind do not count. */
#define GUARD_BUSY_PAUSE 1
#define GUARD_BUSY_TRIES 60

/* How often it asks for the record's lock to keep a plan for the next boot. Each takes seconds. */
#define GUARD_KEEP_TRIES 6

volatile sig_atomic_t guard_interrupted;

char guard_next_byte(int fd, long wait)
{
	struct pollfd polled = { fd, POLLIN, 0 };
	char byte;
	int ready;

	while ((ready = poll(&polled, 1, wait)) < 0 && errno == EINTR)
		;
	return ready > 0 && read(fd, &byte, 1) == 1 ? byte : 0;
}

static void guard_interrupt(int signal)
{
	(void)signal;
	guard_interrupted = 1;
}

void guard_notice(int signal)
{
	const struct sigaction action = { .sa_handler = guard_interrupt };

	sigaction(signal, &action, NULL);
}

void guard_catch(int signal, sigset_t *mask)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_BLOCK, &set, mask);
	sigdelset(mask, signal);
	guard_notice(signal);
}

int guard_fifo_make(const struct state_lock *lock)
{
	if (mkfifoat(lock->fd, GUARD_FIFO_DEAF, 0600))
		return -1;
	return openat(lock->fd, GUARD_FIFO_DEAF, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

int guard_fifo_open(const struct state_lock *lock, const char *name)
{
	int fd = openat(lock->fd, name, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ENXIO)
		unlinkat(lock->fd, name, 0);
	return fd;
}

/* Only the guard's own fifo: after "secmarkctl confirm" or "remove" the next guard may have one
 * here. Returns its name, or NULL. */
static const char *guard_fifo_name(const struct state_lock *lock, int fifo)
{
	static const char *const names[] = { GUARD_FIFO_ASKS, GUARD_FIFO_DEAF };
	struct stat own, there;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !fstat(fifo, &own); i++)
		if (!fstatat(lock->fd, names[i], &there, AT_SYMLINK_NOFOLLOW) &&
		    own.st_ino == there.st_ino && own.st_dev == there.st_dev)
			return names[i];
	return NULL;
}

/* "secmarkctl confirm" has unlinked the fifo, and keeps the plan for the next boot itself: another
 * one may be loaded since. */
static void guard_keep(const struct guard *g)
{
	struct state_lock lock;
	const char *name;
	struct err err;
	int i, ret = -EBUSY;

	for (i = 0; i < GUARD_KEEP_TRIES && ret == -EBUSY; i++)
		ret = state_lock(&lock, &err);
	if (ret) {
		syslog(LOG_ERR, "the next boot does not load the new rules: %s", err.what);
		return;
	}
	name = guard_fifo_name(&lock, g->fifo);
	if (name && boot_write(g->after, &err))
		syslog(LOG_ERR, "the next boot does not load the new rules: %s", err.what);
	if (name)
		unlinkat(lock.fd, name, 0);
	state_unlock(&lock);
}

/* Waits for the terminal, for "secmarkctl confirm", or for the end of the time. */
static enum guard_event guard_watch(struct guard *g, enum guard_phase phase)
{
	struct pollfd polled[2] = { { g->from, POLLIN, 0 }, { g->fifo, POLLIN, 0 } };
	enum guard_event event;
	int64_t left;

	while (!guard_interrupted && (left = g->deadline - clock_milliseconds()) > 0) {
		const struct timespec wait = { left / 1000, left % 1000 * 1000000 };

		if (ppoll(polled, 2, &wait, &g->mask) <= 0)
			continue;
		if (polled[1].revents)
			return GUARD_ON_CONFIRM;
		event = guard_hear(phase, guard_next_byte(g->from, 0));
		/* the command is gone, and the terminal perhaps with it: the time still runs */
		if (event == GUARD_ON_GONE)
			g->from = -1;
		return event;
	}
	return GUARD_ON_TIME;
}

/* What others have said since. GUARD_ON_BACK: nothing. */
static enum guard_event guard_answer(const struct guard *g, enum guard_phase phase)
{
	char said = guard_next_byte(g->fifo, 0);

	if (said == GUARD_FIFO_YES && guard_next(phase, GUARD_ON_CONFIRM))
		return GUARD_ON_CONFIRM;
	if (said == GUARD_FIFO_TAKEN && guard_next(phase, GUARD_ON_TAKEN))
		return GUARD_ON_TAKEN;
	return GUARD_ON_BACK;
}

/* How a try ended. It is less than PIPE_BUF, so a pipe has all of it or nothing. */
struct guard_outcome {
	int ret;
	bool touched; /* something has been changed */
	struct err err;
};

static void guard_restore(const struct guard *g, enum guard_phase phase,
			  const struct state_lock *lock, struct guard_outcome *o)
{
	*o = (struct guard_outcome){ 0 };
	if (phase == GUARD_LAST)
		o->ret = restore_nothing(lock, g->after, &o->err);
	else
		o->ret = restore(lock, g->before, &o->touched, &o->err);
}

/* Restores in a child: a process that ends because memory is exhausted, or in a library, must not
 * be the guard. */
static void guard_restore_in_child(const struct guard *g, enum guard_phase phase,
				   const struct state_lock *lock, struct guard_outcome *o)
{
	int ends[2] = { -1, -1 };
	ssize_t n = -1;
	pid_t pid = -1;

	*o = (struct guard_outcome){ .touched = false };
	if (!pipe2(ends, O_CLOEXEC))
		pid = fork();
	if (pid == 0) {
		guard_restore(g, phase, lock, o);
		_exit(write(ends[1], o, sizeof(*o)) != sizeof(*o));
	}
	o->ret = pid < 0 ? -errno : 0;
	if (ends[1] >= 0)
		close(ends[1]);
	if (pid < 0) {
		err_set(&o->err, o->ret, "cannot start a process: %s", strerror(-o->ret));
	} else {
		while ((n = read(ends[0], o, sizeof(*o))) < 0 && errno == EINTR)
			;
		waitpid(pid, NULL, 0);
	}
	if (ends[0] >= 0)
		close(ends[0]);
	if (pid > 0 && n != sizeof(*o)) {
		*o = (struct guard_outcome){ .touched = true };
		o->ret = err_set(&o->err, -EIO, "the process that did it ended too early");
	}
}

/* A try, under the lock. Returns 0 or -errno; then *event is as it is for a try that others
 * follow. */
static int guard_try(const struct guard *g, enum guard_phase phase, const struct state_lock *lock,
		     enum guard_event *event, struct err *err)
{
	struct guard_outcome o;

	*event = guard_answer(g, phase);
	if (*event != GUARD_ON_BACK)
		return 0;
	guard_restore_in_child(g, phase, lock, &o);
	*err = o.err;
	if (o.ret)
		*event = o.touched ? GUARD_ON_BREAK : GUARD_ON_AGAIN;
	return o.ret;
}

/* Says what a failed try means. Returns the pause before the next one. */
static unsigned int guard_log_failure(const struct guard *g, enum guard_phase phase, int ret,
				      enum guard_event event, const struct err *err)
{
	const char *what = phase == GUARD_LAST ? "the rules that were not confirmed" :
						 "the old rules";
	const char *done = phase == GUARD_LAST ? "removed" : "put back";
	unsigned int pause = event == GUARD_ON_SPENT          ? 0 :
			     ret == -EBUSY                    ? GUARD_BUSY_PAUSE :
			     phase == GUARD_LAST || !g->tries ? GUARD_LAST_PAUSE :
								guard_pauses[g->tries - 1];

	if (event == GUARD_ON_SPENT)
		syslog(LOG_ERR,
		       "the old rules cannot be put back: %s; tried %zu times, all rules "
		       "are being removed",
		       err->what, GUARD_TRIES);
	else
		syslog(LOG_WARNING, "%s cannot be %s yet: %s; the next try is in %u s", what, done,
		       err->what, pause);
	return pause;
}

/* The fifo has its name according to the next phase, before anybody else gets the lock. */
static void guard_rename_fifo(const struct guard *g, const struct state_lock *lock,
			      enum guard_phase next)
{
	const char *name = guard_fifo_name(lock, g->fifo);

	if (!name)
		return;
	if (guard_is_over(next))
		unlinkat(lock->fd, name, 0);
	else if (!guard_next(next, GUARD_ON_CONFIRM))
		renameat(lock->fd, name, lock->fd, GUARD_FIFO_DEAF);
}

static void guard_log_end(enum guard_phase phase)
{
	if (phase == GUARD_KEPT)
		syslog(LOG_NOTICE, "the new rules are confirmed");
	else if (phase == GUARD_BACK)
		syslog(LOG_NOTICE,
		       "the new rules were not confirmed: what was loaded before is back");
	else if (phase == GUARD_BARE)
		syslog(LOG_ERR, "the new rules were not confirmed: all rules are removed, and no "
				"packet is labeled");
}

/* Does a try that failed count? Without the lock, nothing was tried, and the fifo has the name that
 * counts. */
static bool guard_counts(struct guard *g, int ret, bool locked)
{
	return locked && (ret != -EBUSY || ++g->busy > GUARD_BUSY_TRIES);
}

/* Without the old rules somebody may be locked out: it does not give up. */
static enum guard_event guard_put_back(struct guard *g, enum guard_phase phase)
{
	enum guard_event event = GUARD_ON_AGAIN;
	struct state_lock lock;
	unsigned int pause = 0;
	struct err err;
	int ret = state_lock(&lock, &err), locked = !ret;

	if (locked)
		ret = guard_try(g, phase, &lock, &event, &err);
	if (ret && phase != GUARD_LAST && guard_counts(g, ret, locked) && ++g->tries == GUARD_TRIES)
		event = GUARD_ON_SPENT;
	if (ret)
		pause = guard_log_failure(g, phase, ret, event, &err);
	if (locked) {
		guard_rename_fifo(g, &lock, guard_next(phase, event));
		state_unlock(&lock);
	}
	sleep(pause);
	return event;
}

/* A program that waits until the command has closed its output must not wait for the guard. */
static void guard_leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	for (i = 0; i < 3 && null >= 0; i++)
		dup2(null, i);
	/* the file system that the command was run in can be unmounted */
	if (chdir("/"))
		syslog(LOG_DEBUG, "/: %s", strerror(errno));
	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* The kernel must not choose this process when memory runs out. Without CAP_SYS_RESOURCE it may. */
static void guard_outlive(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "-1000", 5) != 5)
		syslog(LOG_INFO, "the OOM killer may kill this process: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

static enum guard_phase guard_work(struct guard *g, enum guard_phase phase)
{
	enum guard_phase next;

	switch (phase) {
	case GUARD_LOADING:
		next = guard_next(phase, guard_hear(phase, guard_next_byte(g->from, -1)));
		guard_catch(SIGTERM, &g->mask);
		break;
	case GUARD_LOADED:
	case GUARD_ASKED:
		next = guard_next(phase, guard_watch(g, phase));
		if (next == GUARD_KEPT)
			guard_keep(g);
		break;
	default:
		next = guard_next(phase, guard_put_back(g, phase));
	}
	/* each of them has all of the time, so a question that is asked late is not answered late
	 */
	if (next != phase)
		g->deadline = clock_milliseconds() + 1000L * g->seconds;
	return next;
}

void guard_serve(struct guard *g)
{
	enum guard_phase phase = GUARD_LOADING;
	char word;

	guard_leave_terminal();
	openlog("secmarkctl", LOG_PID, LOG_DAEMON);
	guard_outlive();
	while (!guard_is_over(phase))
		phase = guard_work(g, phase);
	guard_log_end(phase);
	word = guard_last_word(phase);
	/* the command may have ended */
	_exit(word && write(g->to, &word, 1) < 0);
}
