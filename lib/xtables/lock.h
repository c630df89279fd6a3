/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_LOCK_H
#define SECMARK2_XTABLES_LOCK_H

struct err;

/*
 * The lock of all programs that change legacy tables, as in iptables (iptables/xshared.c): the file
 * stays, and closing it releases the lock.
 */

/**
 * xt_lock - take it
 * @seconds: how long to wait
 * @fd:      the lock, to be closed; -1: there is nothing to close
 * @err:     filled on failure
 *
 * Returns 0, -EBUSY, or another -errno.
 */
int xt_lock(unsigned int seconds, int *fd, struct err *err);

/* Creates the file with the label that the policy's file contexts have for it, if there is none.
 * Call it before you run iptables: one that is not confined would give it another label, and the
 * next one that is confined could not open it. Errors are of no consequence. */
void xt_lock_make(void);

#endif
