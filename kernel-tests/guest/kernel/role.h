/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_ROLE_H
#define GUEST_ROLE_H

#include <stddef.h>

/* The context of a program of this domain, at the lowest level. The caller frees it. */
char *process_context(const char *domain);

/*
 * The role of a type: "system_r" if the kernel's policy takes a context with both, else "object_r".
 * Asks selinuxfs once for each type. len: of type, which may have a level behind it.
 */
const char *role_of(const char *type, size_t len);

#endif
