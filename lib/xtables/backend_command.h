/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_BACKEND_COMMAND_H
#define SECMARK2_XTABLES_BACKEND_COMMAND_H

#include "backend/backend.h"

/*
 * Load chains by iptables-restore and ip6tables-restore, of the variant that the name says. Both
 * build struct xt_built (xtables/build.h).
 *
 * A load is one transaction for each family and table. Rules of ours that are loaded already stay
 * untouched, and so do their counters. Rules of others stay, and so do jumps to our chains,
 * wherever somebody placed them. A missing jump comes last in its hook. All other chains of ours
 * are removed, in another table, too. If a family fails, both families get back what they had. The
 * report warns of rules of others that end a table before our chain.
 *
 * iptables-save prints no legacy table that has a rule without a plugin. Then libiptc reads and
 * changes the tables in its place (backend_libiptc.h), with the same rules, and the report warns of
 * that. The kernel asks the policy whether this process may give packets the labels, not whether
 * iptables may.
 *
 * Errors: -ENOENT without the commands, -ETIMEDOUT, -EBUSY for the lock, -EPERM, or -EIO if the
 * command refuses something else; err quotes it.
 */
extern const struct backend_ops backend_iptables_nft;
extern const struct backend_ops backend_iptables_legacy;

#endif
