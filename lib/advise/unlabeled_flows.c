// SPDX-License-Identifier: GPL-2.0-only
#include "advise/unlabeled_flows.h"

#include <errno.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "host/local_addresses.h"
#include "host/netlink.h"
#include "plan/flow_index.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "util/alloc.h"

static void aim_as_sent(struct flow *flow, const struct conntrack_entry *e)
{
	flow->dst = e->orig.dst;
	flow->dport = e->orig.dport;
}

/* The real destination of the packets: the replies come from it. */
static void aim_as_translated(struct flow *flow, const struct conntrack_entry *e)
{
	flow->dst = e->reply.src;
	flow->dport = e->reply.sport;
}

/*
 * How the rules see the originator's packets. NAT translates the source after all of the rules. It
 * translates the destination before INPUT and before OUTPUT of the table security, but after OUTPUT
 * and PREROUTING of mangle, where forwarded packets are labeled. Returns false if no rule of a plan
 * sees them.
 */
static bool view_as_rules_do(const struct plan *plan, const struct local_addresses *local,
			     const struct conntrack_entry *e, struct flow *flow)
{
	*flow = (struct flow){ .proto = e->orig.proto, .src = e->orig.src, .sport = e->orig.sport };
	flow->stray = flow->proto == IPPROTO_TCP;
	flow->not_lo = true;
	aim_as_translated(flow, e);
	if (local_addresses_sends(local, &e->orig.src)) {
		flow->dir = FLOW_OUT;
		flow->not_lo = !local_addresses_sends(local, &flow->dst);
		if (!flow->not_lo)
			strcpy(flow->out, "lo");
		if (plan_is_in_mangle(plan))
			aim_as_sent(flow, e);
	} else if (local_addresses_receives(local, &flow->dst)) {
		flow->dir = FLOW_IN;
	} else {
		flow->dir = FLOW_FORWARD;
		aim_as_sent(flow, e);
		/* PREROUTING leaves it to INPUT, which it never reaches */
		if (local_addresses_receives(local, &flow->dst))
			return false;
	}
	/* for other protocols, conntrack may use the ports for something else */
	if (!proto_has_ports(flow->proto))
		flow->sport = flow->dport = 0;
	return true;
}

bool unlabeled_flow_judge(const struct plan *plan, const struct local_addresses *local,
			  const char *unlabeled, const struct conntrack_entry *entry,
			  struct unlabeled_flow *old)
{
	memset(old, 0, sizeof(*old));
	if (conntrack_labeled(entry, unlabeled) ||
	    !view_as_rules_do(plan, local, entry, &old->flow))
		return false;
	old->line = lookup_possible(plan, &old->flow);
	old->sure = old->line && lookup(plan, &old->flow) == old->line;
	old->translated = entry->status & IPS_NAT_MASK;
	old->key = entry->key;
	return old->line;
}

struct search {
	const struct plan *plan;
	const char *unlabeled;
	struct local_addresses local;
	struct unlabeled_flows *flows;
};

static void restart_search(void *arg)
{
	struct search *s = arg;

	s->flows->n = 0;
}

static void take_unlabeled_flow(void *arg, const struct conntrack_entry *entry)
{
	struct search *s = arg;
	struct unlabeled_flow old;

	if (!unlabeled_flow_judge(s->plan, &s->local, s->unlabeled, entry, &old))
		return;
	s->flows->v = alloc_one_more(s->flows->v, s->flows->n, sizeof(old));
	s->flows->v[s->flows->n++] = old;
}

int unlabeled_flows_find(const struct plan *plan, const char *unlabeled,
			 struct unlabeled_flows *flows, struct err *err)
{
	struct plan indexed = *plan;
	struct search s = { .plan = &indexed, .unlabeled = unlabeled, .flows = flows };
	const struct conntrack_reader reader = { restart_search, take_unlabeled_flow, &s };
	int ret;

	*flows = (struct unlabeled_flows){ 0 };
	indexed.flow_index = flow_index_new(plan);
	ret = local_addresses_read(&s.local, err);
	if (!ret)
		ret = conntrack_read(&reader, err);
	local_addresses_free(&s.local);
	flow_index_free(indexed.flow_index);
	return ret;
}

int unlabeled_flows_reset(struct unlabeled_flows *flows, struct err *err)
{
	struct mnl_socket *nl;
	int ret = netlink_open(NETLINK_NETFILTER, &nl);
	size_t i;

	flows->reset = flows->gone = flows->held = 0;
	for (i = 0; i < flows->n && !ret; i++) {
		ret = conntrack_delete(nl, &flows->v[i].key);
		if (!ret)
			flows->reset++;
		else if (ret == -ENOENT)
			flows->gone++, ret = 0;
		else if (ret == -EBUSY)
			flows->held++, ret = 0;
	}
	if (nl)
		mnl_socket_close(nl);
	if (ret)
		err_set(err, ret, "cannot reset a connection: %s", strerror(-ret));
	return ret;
}

void unlabeled_flows_keep_sure(struct unlabeled_flows *flows)
{
	size_t i, kept = 0;

	for (i = 0; i < flows->n; i++)
		if (flows->v[i].flow.proto == IPPROTO_TCP && flows->v[i].sure &&
		    !flows->v[i].translated)
			flows->v[kept++] = flows->v[i];
	flows->n = kept;
}

void unlabeled_flows_free(struct unlabeled_flows *flows)
{
	free(flows->v);
	*flows = (struct unlabeled_flows){ 0 };
}
