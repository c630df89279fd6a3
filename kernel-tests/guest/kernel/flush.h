/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_FLUSH_H
#define GUEST_FLUSH_H

#include <stdbool.h>

struct avcs;

/*
 * Waits until the kernel has stopped checking packets. Returns 0, -EBUSY when it still checks them,
 * -EIO when that cannot be found out.
 */
int packets_settle(void);

/*
 * Empties every rule set and connection table of every namespace built so far, and settles if that
 * is wanted. Returns what packets_settle() does.
 */
int flush_all(bool settle);

/* Adds the records that packets_settle() causes while it waits. */
void flush_expect(struct avcs *records);

#endif
