/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_GUARD_TRANSITION_H
#define SECMARK2_LOAD_GUARD_TRANSITION_H

#include <stdbool.h>

/*
 * The guard of apply --confirm: a process that puts the old rules back unless somebody confirms the
 * new ones. A row is a phase, a column is what happens next; "." cannot happen.
 *
 *          ARM      DISMISS    YES   NO    GONE     CONFIRM  TIME  BUSY  BACK  FAIL
 * LOADING  WAITING  DISMISSED  .     .     LOST     .        .     .     .     .
 * WAITING  .        .          KEPT  OVER  WAITING  KEPT     OVER  .     .     .
 * OVER     .        .          .     .     .        KEPT     .     OVER  BACK  FAILED
 * LOST     .        .          .     .     .        .        .     LOST  BACK  FAILED
 *
 * The command says ARM, DISMISS, YES and NO through a pipe. GONE is the end of that pipe: the
 * command has ended, or the load broke and the guard is alarmed. A word that cannot come now counts
 * as GONE. In WAITING, the guard then listens for "secmarkctl confirm" only.
 *
 * The other phases are ends. In KEPT, BACK and FAILED the guard tells the command, by a letter for
 * each. In DISMISSED it says nothing.
 */
enum guard_phase {
	GUARD_IMPOSSIBLE, /* "." above */
	GUARD_LOADING,    /* the command is changing rules */
	GUARD_WAITING,    /* the new rules are loaded, and the time runs */
	GUARD_OVER,       /* the old rules have to come back; until then a confirmation counts */
	GUARD_LOST,       /* the old rules have to come back: nobody saw the new ones loaded */
	GUARD_DISMISSED,  /* from here on: ends */
	GUARD_KEPT,       /* the new rules stay */
	GUARD_BACK,       /* the old rules are loaded again */
	GUARD_FAILED,     /* the old rules could not be loaded */
	GUARD_PHASES
};

enum guard_event {
	GUARD_ON_ARM,
	GUARD_ON_DISMISS,
	GUARD_ON_YES,
	GUARD_ON_NO,
	GUARD_ON_GONE,
	GUARD_ON_CONFIRM, /* by "secmarkctl confirm" */
	GUARD_ON_TIME,    /* it is over, or SIGTERM came */
	GUARD_ON_BUSY,    /* somebody else holds a lock: try again */
	GUARD_ON_BACK,    /* the old rules are loaded again */
	GUARD_ON_FAIL,    /* the old rules could not be loaded */
	GUARD_EVENTS
};

/* Returns the next phase, or GUARD_IMPOSSIBLE. */
enum guard_phase guard_next(enum guard_phase phase, enum guard_event event);

/* Is it an end? */
bool guard_is_over(enum guard_phase phase);

/* The words of the pipes, each a letter. */
char guard_word(enum guard_event event);      /* for the guard; 0: it is no word */
char guard_last_word(enum guard_phase phase); /* from the guard; 0: it says nothing */

/* What a letter from the command means to the guard in this phase; 0: the end of the pipe. */
enum guard_event guard_hear(enum guard_phase phase, char letter);

#endif
