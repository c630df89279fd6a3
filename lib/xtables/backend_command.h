/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_BACKEND_COMMAND_H
#define SECMARK2_XTABLES_BACKEND_COMMAND_H

#include <stdbool.h>

#include "backend/report.h"

struct chain_set;
struct err;

enum backend_iptables_variant {
	BACKEND_IPTABLES_LEGACY,
	BACKEND_IPTABLES_NFT,
};

struct backend_iptables_opts {
	enum backend_iptables_variant variant;
	unsigned int lock_seconds; /* how long to wait for others' changes */
	unsigned int run_seconds;  /* what a command may take */
};

#define BACKEND_IPTABLES_OPTS                 \
	{                                     \
		BACKEND_IPTABLES_NFT, 10, 120 \
	}

/**
 * backend_iptables_apply - load chains by iptables-restore and ip6tables-restore
 * @sets:   IPv4's and IPv6's, both for the same table
 * @opts:   which commands, how long they may take
 * @report: what was done; warns of others' rules that end a table before our chain is reached
 * @err:    filled on failure, with what the command said
 *
 * One transaction a family and table. What is loaded already is left alone,
 * its counters too; so are others' rules, and jumps to our chains wherever
 * they have been placed. A missing jump comes last in its hook. Chains of
 * ours that are not in @sets go, those of another table as well. If a family
 * fails, both get back what they had.
 *
 * Returns 0, or -errno: -ENOENT without the commands, -ETIMEDOUT, -EBUSY for
 * the lock, -EIO for what the command refused.
 */
int backend_iptables_apply(const struct chain_set *sets, const struct backend_iptables_opts *opts,
			   struct backend_report *report, struct err *err);

/* Removes all chains of ours, and the jumps to them. Returns as above. */
int backend_iptables_remove(const struct backend_iptables_opts *opts, struct backend_report *report,
			    struct err *err);

/* Compares what is loaded with @sets, and changes nothing. Returns as above. */
int backend_iptables_loaded(const struct chain_set *sets, const struct backend_iptables_opts *opts,
			    enum backend_state *state, struct err *err);

/**
 * backend_iptables_shared - do others have rules in the hooks that a plan uses?
 * @table:  "security" or "mangle"
 * @opts:   which commands
 * @shared: the answer: if so, our chains should end nothing (xt_opts.accept); as it was after a
 * failure
 * @err:    filled on failure
 *
 * Returns as above.
 */
int backend_iptables_shared(const char *table, const struct backend_iptables_opts *opts,
			    bool *shared, struct err *err);

#endif
