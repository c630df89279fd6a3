/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_CONFIRM_H
#define SECMARK2_CONFIRM_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct record;
struct record_lock;

/*
 * A process that puts the old rules back unless somebody says that the new ones are good. It
 * outlives the terminal and the command that started it: a session that the new rules have cut off
 * confirms nothing.
 */
struct guard {
	pid_t pid;    /* 0: none */
	int to, from; /* pipes */
};

/**
 * guard_start - start it, before any rule is changed
 * @guard:   where to
 * @lock:    held
 * @seconds: how long it waits
 * @before:  what is to be put back; no backend: nothing
 * @err:     filled on failure
 *
 * If this process ends before guard_arm(), the old rules are put back; later the time still runs.
 * SIGTERM ends its waiting as the end of the time would. Returns 0 or -errno.
 */
int guard_start(struct guard *guard, const struct record_lock *lock, unsigned int seconds,
		const struct record *before, struct err *err);

/* The new rules are loaded: the time runs. From here on SIGINT is a "no", and SIGPIPE is ignored.
 */
void guard_arm(struct guard *guard);

/* Nothing was changed: it ends. The lock is held. */
void guard_dismiss(struct guard *guard, const struct record_lock *lock);

/* Loading has failed, and the old rules are not back: it shall try, once the lock is free. Does not
 * wait for it. */
void guard_alarm(struct guard *guard);

/* Asks on the terminal, if there is one, and waits for what becomes of it. Returns true if the new
 * rules stay. */
bool guard_wait(struct guard *guard, unsigned int seconds);

/* Does one wait here? The lock is held. One that was killed leaves a trace, which is removed. */
bool guard_is_there(const struct record_lock *lock);

/* Tells the one that waits here that the new rules are good. The lock is held. Returns 0, or
 * -ENOENT: nobody waits. */
int guard_confirm(const struct record_lock *lock);

#endif
