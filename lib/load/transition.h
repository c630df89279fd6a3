/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_TRANSITION_H
#define SECMARK2_LOAD_TRANSITION_H

#include <stdbool.h>

/*
 * One load, or one removal, from its first step to what it leaves. A row is a phase, a column is
 * what happens next; "." cannot happen.
 *
 *            BEGIN  FAIL       BREAK   ADD    REPLACE   CLEAR    BACK       END
 * IDLE       BEGUN  REFUSED    .       .      .         .        .          .
 * BEGUN      .      UNTOUCHED  BROKEN  ADDED  REPLACED  SETTLED  .          .
 * ADDED      .      UNDOING    BROKEN  .      .         SETTLED  .          .
 * UNDOING    .      .          BROKEN  .      .         .        UNTOUCHED  .
 * REPLACED   .      BROKEN     BROKEN  .      .         SETTLED  .          .
 * SETTLED    .      .          BROKEN  .      .         .        .          DONE
 *
 * The other phases are ends. What is done there, in this order:
 *
 *             record "begun"  the guard of apply --confirm
 * DONE        is "loaded"     is armed: the time runs
 * REFUSED     not written     is dismissed
 * UNTOUCHED   is dropped (*)  is dismissed
 * BROKEN      stays           is alarmed: it puts the old rules back
 *
 * (*) It stays if it replaced the record of an interrupted run: nobody knows which rules that run
 * has left. As long as "begun" stays, the next run says that it finishes an earlier one.
 */
enum load_phase {
	LOAD_IMPOSSIBLE, /* "." above; done there: the same as in BROKEN */
	LOAD_IDLE,
	LOAD_BEGUN,    /* the record is written, the backend's rules are what they were */
	LOAD_ADDED,    /* the new rules are loaded, and their backend had none before */
	LOAD_UNDOING,  /* the same, and the other backends' rules are what they were: the new rules
			* have to go again */
	LOAD_REPLACED, /* the new rules are loaded instead of older ones of their backend */
	LOAD_SETTLED,  /* the new rules are loaded, and no others of ours */
	LOAD_DONE,
	LOAD_REFUSED,
	LOAD_UNTOUCHED, /* all is as it was */
	LOAD_BROKEN,    /* nobody knows what is left: some of the old rules, or of the new ones */
	LOAD_PHASES
};

enum load_event {
	LOAD_ON_BEGIN,   /* the record is written */
	LOAD_ON_FAIL,    /* a step has failed, and has changed nothing */
	LOAD_ON_BREAK,   /* a step has failed, and something is not as it was before the step */
	LOAD_ON_ADD,     /* the backend has loaded the new rules; it had none */
	LOAD_ON_REPLACE, /* the backend has loaded the new rules; it had others */
	LOAD_ON_CLEAR,   /* the other backends' rules of ours are gone; of a removal: all are */
	LOAD_ON_BACK,    /* the new rules are gone again */
	LOAD_ON_END,     /* the record says so */
	LOAD_EVENTS
};

/* What the guard is to be told. */
enum load_guard { LOAD_GUARD_NONE, LOAD_GUARD_ARM, LOAD_GUARD_DISMISS, LOAD_GUARD_ALARM };

/* Returns the next phase, or LOAD_IMPOSSIBLE. */
enum load_phase load_next(enum load_phase phase, enum load_event event);

/* What is to be done in a phase; in a phase that is no end: nothing. @resumed: an earlier run was
 * interrupted. */
bool load_drops_record(enum load_phase phase, bool resumed);
enum load_guard load_guard(enum load_phase phase);

#endif
