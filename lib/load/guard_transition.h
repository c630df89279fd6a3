/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_GUARD_TRANSITION_H
#define SECMARK2_LOAD_GUARD_TRANSITION_H

#include <stdbool.h>

/*
 * The guard of apply --confirm: a process that puts the old rules back unless somebody confirms the
 * new ones. A row is a phase, a column is what happens next; "." cannot happen.
 *
 *         ARM    DISMISS ASK   YES  NO   GONE  CONFIRM TIME  AGAIN BREAK SPENT BACK TAKEN
 * LOADING LOADED ENDED   .     .    .    LOST  .       .     .     .     .     .    .
 * LOADED  .      .       ASKED .    .    ASKED KEPT    ASKED .     .     .     .    .
 * ASKED   .      .       .     KEPT OVER ASKED KEPT    OVER  .     .     .     .    .
 * OVER    .      .       .     .    .    .     KEPT    .     OVER  LOST  LAST  BACK .
 * LOST    .      .       .     .    .    .     .       .     LOST  LOST  LAST  BACK BARE
 * LAST    .      .       .     .    .    .     .       .     LAST  LAST  .     BARE BARE
 *
 * The command says ARM, DISMISS, ASK, YES and NO through a pipe. GONE is the end of that pipe: the
 * command has ended, or the load broke and the guard is alarmed. A word that cannot come now counts
 * as GONE. In ASKED, the guard then listens for "secmarkctl confirm" only.
 *
 * The other phases are ends. In KEPT, BACK and BARE the guard tells the command, by a letter for
 * each. In ENDED it says nothing. It never gives up: no end leaves rules that nobody has confirmed.
 */
enum guard_phase {
	GUARD_IMPOSSIBLE, /* "." above */
	GUARD_LOADING,    /* the command is changing rules */
	GUARD_LOADED,     /* the new rules are loaded, and the question is not asked yet */
	GUARD_ASKED,      /* the question is asked, and the time runs */
	GUARD_OVER,       /* the old rules have to come back; until then a confirmation counts */
	GUARD_LOST,       /* the old rules have to come back: the new ones are not whole */
	GUARD_LAST,       /* the old rules do not come back: the new ones have to go */
	GUARD_ENDED,      /* from here on: ends */
	GUARD_KEPT,       /* the new rules stay */
	GUARD_BACK,       /* what was loaded before is loaded again */
	GUARD_BARE,       /* no rules of ours are left */
	GUARD_PHASES
};

enum guard_event {
	GUARD_ON_ARM,
	GUARD_ON_DISMISS,
	GUARD_ON_ASK,
	GUARD_ON_YES,
	GUARD_ON_NO,
	GUARD_ON_GONE,
	GUARD_ON_CONFIRM, /* by "secmarkctl confirm" */
	GUARD_ON_TIME,    /* it is over, or SIGTERM came */
	GUARD_ON_AGAIN,   /* a try has failed and changed nothing: there is another one */
	GUARD_ON_BREAK,   /* a try has failed and changed something: there is another one */
	GUARD_ON_SPENT,   /* the last try has failed */
	GUARD_ON_BACK,    /* a try has worked */
	GUARD_ON_TAKEN,   /* "secmarkctl remove" has removed all rules */
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
