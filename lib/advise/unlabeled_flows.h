/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_UNLABELED_FLOWS_H
#define SECMARK2_ADVISE_UNLABELED_FLOWS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/conntrack.h"
#include "packet/flow.h"

struct err;
struct local_nets;
struct plan;
struct plan_line;

/*
 * A flow that is older than the rules: a plan has a label for it, and its connection has none, so
 * that its packets stay without one. It gets its label when the kernel forgets the connection and
 * meets the next packet.
 */
struct old_flow {
	/* as the rules meet a packet of its originator; of its interface only whether it is lo is
	 * known, and of TCP its beginning has been missed (stray) */
	struct flow flow;
	const struct plan_line *line; /* the plan's: which gives the label */
	bool sure;       /* false: the flow would have to go by an interface that the line names */
	bool translated; /* there is NAT: forgotten, the flow may get another translation, or none
			  */
	struct conntrack_key key;
};

struct old_flows {
	struct old_flow *v;
	size_t n;
	/* what old_flows_reset() found: forgotten by it, gone before, still there as a flowtable
	 * holds them */
	size_t reset, gone, held;
};

/**
 * old_flows_find - which connections would get a label from a plan, and have none?
 * @plan:      the plan; has to live as long as @flows
 * @unlabeled: the policy's context of what has no label, or NULL
 * @flows:     where to; end it with old_flows_free(), also after a failure
 * @err:       filled on failure
 *
 * Of this network namespace. Over loopback it is the client's end that counts, whose label the
 * connection keeps; the server's gets its own packet by packet. Local is what the routes have as
 * local: a transparent proxy's is not.
 *
 * Returns 0, or -errno as conntrack_read() does.
 */
int old_flows_find(const struct plan *plan, const char *unlabeled, struct old_flows *flows,
		   struct err *err);

/**
 * old_flows_reset - make the kernel forget them, so that their next packet is labeled
 * @flows: which ones; is told what became of them
 * @err:   filled on failure
 *
 * Right where the originator speaks next, and for TCP, whose servers are known by their ports. The
 * rules have to be there already, or the flows begin anew without a label.
 *
 * Returns 0, or -errno: some may have been forgotten.
 */
int old_flows_reset(struct old_flows *flows, struct err *err);

/* Is an entry such a flow? Then it is filled in. */
bool old_flow_judge(const struct plan *plan, const struct local_nets *local, const char *unlabeled,
		    const struct conntrack_entry *entry, struct old_flow *old);

/* Frees what is in it; it is empty then. */
void old_flows_free(struct old_flows *flows);

#endif
