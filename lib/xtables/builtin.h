/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_BUILTIN_H
#define SECMARK2_XTABLES_BUILTIN_H

#include <stdbool.h>

/* The built-in chains of iptables' tables; the last entry is NULL. */
extern const char *const builtin_hooks[];

/* Does this target end the table for the packets that reach it? */
bool builtin_ends_table(const char *target);

#endif
