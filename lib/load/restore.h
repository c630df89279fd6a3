/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_RESTORE_H
#define SECMARK2_LOAD_RESTORE_H

struct err;
struct record;
struct record_lock;

/**
 * restore - make what is loaded what a record says
 * @lock:   held
 * @record: of what was loaded before; no backend: nothing was
 * @err:    filled on failure
 *
 * Returns 0 or -errno.
 */
int restore(const struct record_lock *lock, const struct record *record, struct err *err);

#endif
