/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_RESTORE_H
#define SECMARK2_LOAD_RESTORE_H

#include <stdbool.h>

struct err;
struct load_state;
struct state_lock;

/**
 * restore - load what a record says
 * @lock:    held
 * @state:   the record of what was loaded before; without a plan_text nothing was
 * @touched: set to true if a failure has left other rules than before the call
 * @err:     filled on failure
 *
 * Asks the policy, and nothing else that a name could be looked up in. Returns 0 or -errno.
 */
int restore(const struct state_lock *lock, const struct load_state *state, bool *touched,
	    struct err *err);

/**
 * restore_lost - load again what a record says is loaded
 * @lock:    held
 * @state:   the record of what is loaded, with a plan_text
 * @changed: set to false if all of it was there
 * @err:     filled on failure
 *
 * Asks what restore() asks. Returns 0 or -errno.
 */
int restore_lost(const struct state_lock *lock, const struct load_state *state, bool *changed,
		 struct err *err);

/**
 * restore_nothing - remove all rules, or at least those of one record
 * @lock:  held
 * @state: the record of what is loaded now, whole or not
 * @err:   filled on failure
 *
 * Needs no policy. If what is loaded cannot be found out, it removes rules only from where the
 * backend of the record keeps its rules, and says so in the record. Returns 0 if the rules of the
 * record are gone, or -errno.
 */
int restore_nothing(const struct state_lock *lock, const struct load_state *state, struct err *err);

#endif
