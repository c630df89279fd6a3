/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_LOAD_H
#define SECMARK2_LOAD_LOAD_H

#include <stdbool.h>

struct backend_report;
struct built;
struct err;
struct machine;
struct record;
struct record_lock;

/**
 * load - load rules, and take those away that other backends keep
 * @b:      the rules
 * @m:      what was asked of the host since @lock is held
 * @lock:   held
 * @record: what is to be on record of them
 * @report: what was done
 * @err:    filled on failure
 *
 * Returns 0 or -errno; then the old rules are there.
 */
int load(const struct built *b, struct machine *m, const struct record_lock *lock,
	 const struct record *record, struct backend_report *report, struct err *err);

/* Takes all rules of ours away. @before is what is on record of them. Returns as above. */
int load_nothing(const struct record_lock *lock, const struct record *before,
		 struct backend_report *report, struct err *err);

#endif
