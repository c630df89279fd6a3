/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_CONFIRM_H
#define SECMARK2_CONFIRM_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct load_state;
struct state_lock;

/*
 * A process that puts the old rules back unless somebody confirms the new ones; its phases are in
 * load/guard_transition.h. It outlives the terminal and the command that started it: a session that
 * the new rules have cut off cannot confirm them.
 */
struct confirm {
	pid_t pid;    /* 0: none */
	int to, from; /* pipes */
	bool old;     /* there are old rules to come back */
};

/**
 * confirm_start - start the guard, before any rule is changed
 * @guard:   filled
 * @lock:    held
 * @seconds: how long it waits for a confirmation
 * @before:  the record of the old rules; without a plan_text there are none
 * @after:   the record of the new rules, for the next boot if they are confirmed
 * @err:     filled on failure
 *
 * If this process ends before confirm_arm(), the guard puts the old rules back. If it ends later,
 * the guard goes on waiting. SIGTERM ends the waiting early. Returns 0 or -errno.
 */
int confirm_start(struct confirm *guard, const struct state_lock *lock, unsigned int seconds,
		  const struct load_state *before, const struct load_state *after, struct err *err);

/* The new rules are loaded. The lock is held. From here on SIGINT is a "no" and SIGPIPE is
 * ignored. The guard waits for the question, but no longer than for the answer. */
void confirm_arm(struct confirm *guard, const struct state_lock *lock);

/* No rule was changed: the guard ends. The lock is held. */
void confirm_dismiss(struct confirm *guard, const struct state_lock *lock);

/* The load has failed, and the old rules are not all there: the guard puts them back as soon as the
 * lock is free. Does not wait for that. */
void confirm_alarm(struct confirm *guard);

/* Asks on the terminal, if there is one, and waits for the guard's last word, which it prints. The
 * time runs from the question on. Returns true if the new rules stay. */
bool confirm_wait(struct confirm *guard, unsigned int seconds);

/* For these the lock is held. A guard is the one of this network namespace. */

/* Returns 0 if there is no guard, or -EBUSY: err says what it does. Removes what is left of a guard
 * that was killed. */
int confirm_none_pending(const struct state_lock *lock, struct err *err);

/* Does a guard wait for a confirmation? */
bool confirm_asks(const struct state_lock *lock);

/* Confirms the new rules. Returns 0, or -errno if that is not possible (any more). */
int confirm_keep(const struct state_lock *lock, struct err *err);

/* All rules are removed: a guard that puts old ones back ends. */
void confirm_removed(const struct state_lock *lock);

#endif
