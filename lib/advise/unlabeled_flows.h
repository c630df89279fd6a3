/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_UNLABELED_FLOWS_H
#define SECMARK2_ADVISE_UNLABELED_FLOWS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/conntrack.h"
#include "packet/flow.h"

struct err;
struct local_addresses;
struct plan;
struct plan_line;

/*
 * A flow that is older than the rules. The plan has a label for it, but its connection has none, so
 * its packets get none. It gets its label if the kernel forgets the connection and then sees the
 * next packet.
 */
struct unlabeled_flow {
	/* as the rules see a packet of its originator. Of the interface it is only known if it is
	 * lo; a TCP flow is stray, because its beginning was not seen. */
	struct flow flow;
	const struct plan_line *line; /* the line of the plan that labels it */
	bool sure;                    /* false: only if the flow uses the interface of the line */
	bool translated; /* after a reset, NAT may translate it differently or not at all */
	struct conntrack_key key;
};

struct unlabeled_flows {
	struct unlabeled_flow *v;
	size_t n;
	/* counted by unlabeled_flows_reset(): forgotten, already gone, and held by a flowtable */
	size_t reset, gone, held;
};

/**
 * unlabeled_flows_find - find the connections without a label that a plan would label
 * @plan:      the plan; must live as long as @flows
 * @unlabeled: the policy's context of packets without a label, or NULL
 * @flows:     filled; free it with unlabeled_flows_free(), also after a failure
 * @err:       filled on failure
 *
 * It looks at this network namespace. Over loopback, the end of the client counts: the connection
 * keeps its label, and the packets of the server are labeled one by one. Addresses are local if the
 * routes say so; the address of a transparent proxy is not.
 *
 * Returns 0, or -errno as conntrack_read() does.
 */
int unlabeled_flows_find(const struct plan *plan, const char *unlabeled,
			 struct unlabeled_flows *flows, struct err *err);

/**
 * unlabeled_flows_reset - make the kernel forget them, so that their next packet is labeled
 * @flows: the connections; gets the counts
 * @err:   filled on failure
 *
 * This is right for TCP, whose servers are known by their ports, and if the originator sends the
 * next packet. The rules must be loaded, or the flows begin again without a label.
 *
 * Returns 0, or -errno; some of them may be forgotten even then.
 */
int unlabeled_flows_reset(struct unlabeled_flows *flows, struct err *err);

/* Drops those that a reset could harm: only TCP flows stay that the plan certainly labels, whatever
 * their interface is, and that NAT does not translate. */
void unlabeled_flows_keep_sure(struct unlabeled_flows *flows);

/* Is an entry such a flow? If so, old is filled. */
bool unlabeled_flow_judge(const struct plan *plan, const struct local_addresses *local,
			  const char *unlabeled, const struct conntrack_entry *entry,
			  struct unlabeled_flow *old);

/* Frees its content; it is empty then. */
void unlabeled_flows_free(struct unlabeled_flows *flows);

#endif
