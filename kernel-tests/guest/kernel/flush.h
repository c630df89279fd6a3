/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_FLUSH_H
#define GUEST_FLUSH_H

#include "runner/util.h"

/* Waits until the kernel has stopped checking packets. Returns 0, -EBUSY when it goes on, -EIO when nobody can tell. */
int packets_settle(void);

/*
 * Empties every rule set and connection table of every namespace built so far, and settles if that is wanted.
 * Returns what packets_settle() does.
 */
int flush_all(bool settle);

/* The record that packets_settle() causes while it waits. */
const char *flush_record(void);

#endif
