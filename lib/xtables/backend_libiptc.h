/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_BACKEND_LIBIPTC_H
#define SECMARK2_XTABLES_BACKEND_LIBIPTC_H

#include <stdbool.h>

#include "backend/report.h"

struct chain_set;
struct err;

/**
 * backend_iptc_apply - load chains into the legacy tables, without the iptables command
 * @sets:         IPv4's and IPv6's, both for the same table
 * @lock_seconds: how long to wait for who holds iptables' lock
 * @report:       what was done; end it with backend_report_free()
 * @err:          filled on failure
 *
 * What backend_iptables_apply() promises, with libiptc: one commit a family
 * and table, under the lock of iptables, /run/xtables.lock.
 *
 * Returns 0, or -errno: -EBUSY for the lock, -EPERM, what the kernel says of
 * the rules otherwise.
 */
int backend_iptc_apply(const struct chain_set *sets, unsigned int lock_seconds,
		       struct backend_report *report, struct err *err);

/* Removes all chains of ours, and the jumps to them. Returns as above. */
int backend_iptc_remove(unsigned int lock_seconds, struct backend_report *report, struct err *err);

/* Compares what is loaded with @sets, and changes nothing. Returns as above. */
int backend_iptc_loaded(const struct chain_set *sets, enum backend_state *state, struct err *err);

/* Do others have rules in the hooks of a table ("security", "mangle") that a plan uses? Returns as
 * above. */
int backend_iptc_shared(const char *table, bool *shared, struct err *err);

#endif
