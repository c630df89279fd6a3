/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_FLUSH_H
#define GUEST_FLUSH_H

#include "util.h"

/* Does this kernel have legacy tables of this family (0: IPv4, 1: IPv6)? */
bool legacy_works(int family);

/*
 * Empties every rule set and connection table of every namespace built so far, and waits until the kernel has stopped
 * checking packets. Returns 0 or -errno: -EBUSY when packets are still checked although no rule is left.
 */
int flush_all(void);

/* The record that flush_all() causes while it waits. */
const char *flush_record(void);

#endif
