// SPDX-License-Identifier: GPL-2.0-only
#include "confirm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "guard.h"
#include "load/guard_transition.h"
#include "load/state.h"

static void confirm_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int confirm_start(struct confirm *guard, const struct state_lock *lock, unsigned int seconds,
		  const struct load_state *before, const struct load_state *after, struct err *err)
{
	int to[2] = { -1, -1 }, from[2] = { -1, -1 }, fifo = guard_fifo_make(lock), why;

	guard->pid = -1;
	guard->old = before->plan_text;
	if (fifo >= 0 && !pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC))
		guard->pid = fork();
	why = errno;
	if (guard->pid == 0) {
		struct guard g = {
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
	confirm_close(fifo);
	confirm_close(to[0]);
	confirm_close(from[1]);
	guard->to = to[1];
	guard->from = from[0];
	if (guard->pid > 0)
		return 0;
	guard->pid = 0;
	confirm_close(to[1]);
	confirm_close(from[0]);
	unlinkat(lock->fd, GUARD_FIFO_DEAF, 0);
	return err_set(err, -why, "cannot start the process that would put the old rules back: %s",
		       strerror(why));
}

static void confirm_say(const struct confirm *guard, enum guard_event event)
{
	char word = guard_word(event);

	while (write(guard->to, &word, 1) < 0 && errno == EINTR)
		;
}

void confirm_arm(struct confirm *guard, const struct state_lock *lock)
{
	if (!guard->pid)
		return;
	/* SIGINT is now an answer. One that came during the load is delivered at state_unlock(). */
	guard_notice(SIGINT);
	/* confirm_wait() notices a guard that was killed: no last word comes */
	signal(SIGPIPE, SIG_IGN);
	/* in this order: if this process is killed in between, nobody can confirm, and the old
	 * rules come back */
	confirm_say(guard, GUARD_ON_ARM);
	renameat(lock->fd, GUARD_FIFO_DEAF, lock->fd, GUARD_FIFO_ASKS);
}

void confirm_dismiss(struct confirm *guard, const struct state_lock *lock)
{
	if (!guard->pid)
		return;
	unlinkat(lock->fd, GUARD_FIFO_DEAF, 0);
	signal(SIGPIPE, SIG_IGN);
	confirm_say(guard, GUARD_ON_DISMISS);
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

static void confirm_print_question(const struct confirm *guard, unsigned int seconds, bool terminal)
{
	if (terminal)
		fprintf(stderr, "Keep the new rules? Type y within %u seconds, or %s: ", seconds,
			guard->old ? "the old ones come back" : "they are removed");
	else
		fprintf(stderr, "%s in %u seconds unless you run \"secmarkctl confirm\".\n",
			guard->old ? "The old rules come back" : "The new rules are removed",
			seconds);
}

/* Waits until somebody answers, or the guard has said its last word. */
static void confirm_ask(const struct confirm *guard, unsigned int seconds)
{
	struct pollfd polled[2] = { { guard->from, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
	bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	char line[16] = "";
	sigset_t mask;

	confirm_print_question(guard, seconds, terminal);
	confirm_say(guard, GUARD_ON_ASK);
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
		confirm_say(guard, line[0] == 'y' || line[0] == 'Y' ? GUARD_ON_YES : GUARD_ON_NO);
}

bool confirm_wait(struct confirm *guard, unsigned int seconds)
{
	const char *what = "could not be put back: the process that waits was killed, and the new "
			   "rules are still loaded";
	char word;

	confirm_ask(guard, seconds);
	word = guard_next_byte(guard->from, -1);
	close(guard->to);
	close(guard->from);
	waitpid(guard->pid, NULL, 0);
	if (word == guard_last_word(GUARD_KEPT))
		return true;
	if (word == guard_last_word(GUARD_BACK))
		what = guard->old ? "are back" : NULL;
	else if (word == guard_last_word(GUARD_BARE))
		what = "could not be put back: all rules are removed (the system log says why)";
	if (what)
		fprintf(stderr, "secmarkctl: the new rules were not confirmed; the old ones %s\n",
			what);
	else
		fputs("secmarkctl: the new rules were not confirmed; they are removed\n", stderr);
	return false;
}

/* Returns true if a guard listens at the fifo of that name. */
static bool confirm_listens(const struct state_lock *lock, const char *name)
{
	int fd = guard_fifo_open(lock, name);

	confirm_close(fd);
	return fd >= 0;
}

int confirm_none_pending(const struct state_lock *lock, struct err *err)
{
	if (confirm_listens(lock, GUARD_FIFO_ASKS)) {
		err_set(err, -EBUSY, "new rules are waiting for confirmation");
		err_hint(err,
			 "keep them with secmarkctl confirm, or wait until the old ones are back");
		return -EBUSY;
	}
	if (confirm_listens(lock, GUARD_FIFO_DEAF)) {
		err_set(err, -EBUSY, "the old rules are being put back");
		err_hint(err, "wait for that, or remove all rules with secmarkctl remove");
		return -EBUSY;
	}
	return 0;
}

/* Says a word to the guard, which need not have read it when the next command comes. */
static int confirm_tell(const struct state_lock *lock, const char *name, char word)
{
	int fd = guard_fifo_open(lock, name), ret;

	if (fd < 0)
		return -ENOENT;
	ret = write(fd, &word, 1) == 1 && !unlinkat(lock->fd, name, 0) ? 0 : -errno;
	close(fd);
	return ret;
}

int confirm_keep(const struct state_lock *lock, struct err *err)
{
	int ret = confirm_tell(lock, GUARD_FIFO_ASKS, GUARD_FIFO_YES);

	if (ret == -ENOENT && confirm_listens(lock, GUARD_FIFO_DEAF))
		return err_set(err, ret, "it is too late: the old rules are being put back");
	return ret ? err_set(err, ret, "no new rules are waiting for confirmation") : 0;
}

bool confirm_asks(const struct state_lock *lock)
{
	return confirm_listens(lock, GUARD_FIFO_ASKS);
}

void confirm_removed(const struct state_lock *lock)
{
	confirm_tell(lock, GUARD_FIFO_DEAF, GUARD_FIFO_TAKEN);
}
