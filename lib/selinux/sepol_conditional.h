/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_SEPOL_CONDITIONAL_H
#define SECMARK2_SELINUX_SEPOL_CONDITIONAL_H

/* Before 3.6, libsepol calls a member of cond_expr_t "bool". Here it is "boolean", as in later
 * versions. */
#include <stdbool.h>

#include <sepol/policydb/policydb.h>

#undef bool
#define bool boolean
#include <sepol/policydb/conditional.h>
#undef bool
#define bool _Bool

#endif
