/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_GUARD_H
#define SECMARK2_GUARD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct load_state;
struct state_lock;

/*
 * The process of apply --confirm that waits for the answer. Its phases are in
 * load/guard_transition.h.
 *
 * It has a fifo in the folder of the record. Its name is "confirm" while a confirmation counts, and
 * "guard" before and after that. Both the name and what is written into it change only under the
 * record's lock.
 */
#define GUARD_FIFO_ASKS "confirm"
#define GUARD_FIFO_DEAF "guard"

#define GUARD_FIFO_YES 'y'   /* "secmarkctl confirm" has confirmed the new rules */
#define GUARD_FIFO_TAKEN 'r' /* "secmarkctl remove" has removed all rules */

/* The guard's own process. */
struct guard {
	int from, to; /* pipes: from the command, to the command */
	int fifo;
	unsigned int seconds; /* of a phase that waits for an answer */
	int64_t deadline;     /* of clock_milliseconds() */
	unsigned int tries;   /* that have failed */
	unsigned int busy;    /* tries at which others were changing rules */
	sigset_t mask;        /* while it waits */
	const struct load_state *before, *after;
};

/* Becomes the guard, does its work, and ends the process. */
__attribute__((noreturn)) void guard_serve(struct guard *g);

/* The next byte of a pipe; 0 at its end, or if none comes within @wait milliseconds. -1: wait
 * forever. */
char guard_next_byte(int fd, long wait);

/* Catches a signal: it sets guard_interrupted. */
void guard_notice(int signal);

/* The same, and blocks it, except in a ppoll() with this mask.
 * Otherwise it would be lost if it came after the flag was read and before the process sleeps. */
void guard_catch(int signal, sigset_t *mask);

/* Set by a signal. SIGTERM tells the guard to put the old rules back. SIGINT (Ctrl-C) tells the
 * command that the answer is "no". */
extern volatile sig_atomic_t guard_interrupted;

/* Makes a fifo that is deaf. Returns its descriptor, which has both ends open: otherwise the fifo
 * would end with its first writer. -1: errno says why not. */
int guard_fifo_make(const struct state_lock *lock);

/* Opens the fifo of that name for writing. Returns -1 if no guard listens, and removes the fifo of
 * a guard that was killed. */
int guard_fifo_open(const struct state_lock *lock, const char *name);

#endif
