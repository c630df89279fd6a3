/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_LOAD_H
#define SECMARK2_LOAD_LOAD_H

#include "backend/report.h"
#include "load/transition.h"

struct built;
struct err;
struct load_state;
struct machine;
struct state_lock;

/* What a load or a removal did. Starts as zeros. */
struct load_result {
	struct backend_report report; /* free it with backend_report_free() */
	enum load_phase end;          /* what it leaves: see transition.h */
};

/**
 * load - load rules, and remove those that other backends have
 * @b:      the rules
 * @m:      what the host was asked; about rules only since @lock is held
 * @lock:   held
 * @state:  the record of the new rules
 * @result: filled, also on failure
 * @err:    filled on failure
 *
 * Returns 0 or -errno. After a failure the old rules are loaded, if result->end is LOAD_REFUSED or
 * LOAD_UNTOUCHED.
 */
int load(const struct built *b, struct machine *m, const struct state_lock *lock,
	 const struct load_state *state, struct load_result *result, struct err *err);

/* Removes all rules of ours. @before is the record of them. Everything else as for load(). */
int load_nothing(const struct state_lock *lock, const struct load_state *before,
		 struct load_result *result, struct err *err);

/* Where the rules are that the record names, a PLACE_*. 0: there is no record that can be read. */
unsigned int load_recorded_place(void);

#endif
