/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_BACKEND_COMMAND_H
#define SECMARK2_XTABLES_BACKEND_COMMAND_H

#include "backend/backend.h"

/*
 * Load chains by iptables-restore and ip6tables-restore, of the variant that the name says. Both
 * build struct xt_built (xtables/build.h).
 *
 * A load is one transaction for each family and table. Rules of ours that are loaded already stay
 * untouched, and so do their counters; so do the rules of others, and jumps to our chains, wherever
 * somebody has placed them. A missing jump comes last in its hook. All other chains of ours go,
 * those of another table as well. If a family fails, both families get back what they had. The
 * report warns of rules of others that end a table before our chain.
 *
 * Errors: -ENOENT without the commands, -ETIMEDOUT, -EBUSY for the lock, -EPERM, -EIO for what the
 * command refuses otherwise; err has its words.
 */
extern const struct backend_ops backend_iptables_nft;
extern const struct backend_ops backend_iptables_legacy;

#endif
