/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_ENFORCE_H
#define GUEST_ENFORCE_H

#include <stdbool.h>

/*
 * Loads the policy, labels the root file system if the policy wants that, and proves that SELinux enforces it; does
 * not return otherwise. permissive: leave the kernel permissive, for the self-test, which wants to see the proof fail.
 */
void enforce_start(bool permissive);

/* Is this a whole policy, with file contexts and an init_t? */
bool whole_policy(void);

/* Becomes init_t, as systemd does: kernel_t may do little else in a whole policy. Descriptors have to be opened anew. */
void become_init(void);

#endif
