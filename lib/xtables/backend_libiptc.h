/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_BACKEND_LIBIPTC_H
#define SECMARK2_XTABLES_BACKEND_LIBIPTC_H

#include "backend/backend.h"

/*
 * Loads chains into the legacy tables by libiptc, without the iptables command. Builds struct
 * xt_built (xtables/build.h), and promises what backend_command.h promises: one commit for each
 * family and table, under the lock of iptables, /run/xtables.lock.
 *
 * Errors: -EBUSY for the lock, -EPERM, or what the kernel says of the rules.
 */
extern const struct backend_ops backend_iptc;

#endif
