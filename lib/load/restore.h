/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_RESTORE_H
#define SECMARK2_LOAD_RESTORE_H

struct err;
struct load_state;
struct state_lock;

/**
 * restore - load what a record says
 * @lock:  held
 * @state: the record of what was loaded before; without a plan_text nothing was
 * @err:   filled on failure
 *
 * Returns 0 or -errno.
 */
int restore(const struct state_lock *lock, const struct load_state *state, struct err *err);

#endif
