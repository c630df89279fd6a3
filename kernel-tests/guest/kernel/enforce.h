/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_ENFORCE_H
#define GUEST_ENFORCE_H

#include <stdbool.h>

/*
 * Loads the policy, labels the root file system if the policy requires that, and proves that
 * SELinux enforces it. Returns only if it does. permissive: leave the kernel permissive; selftest
 * checks that the proof then fails.
 */
void enforce_start(bool permissive);

/* Is this a whole policy, with file contexts and an init_t? */
bool whole_policy(void);

/*
 * Becomes init_t, as systemd does: kernel_t may do little else in a whole policy. Descriptors have
 * to be opened anew.
 */
void become_init(void);

#endif
