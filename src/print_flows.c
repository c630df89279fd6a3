// SPDX-License-Identifier: GPL-2.0-only
#include "print_flows.h"

#include <stdio.h>

#include "advise/unlabeled_flows.h"
#include "base/err.h"
#include "packet/net.h"
#include "plan/plan.h"
#include "print.h"

static const char *connections(size_t n)
{
	return n == 1 ? "connection" : "connections";
}

static void print_end(const struct net *address, uint16_t port, bool has_port)
{
	char text[NET_STRLEN];

	fprintf(stderr, " %s", net_format(address, text));
	if (has_port)
		fprintf(stderr, " port %u", port);
}

static void print_flow(const struct unlabeled_flow *old)
{
	const struct flow *f = &old->flow;
	bool ports = proto_has_ports(f->proto);

	fprintf(stderr, "  %s", proto_name(f->proto));
	print_end(&f->src, f->sport, ports);
	fputs(" to", stderr);
	print_end(&f->dst, f->dport, ports);
	print_line(stderr, ": %s%s%s", old->line->text,
		   old->sure ? "" : " (if it uses that interface)",
		   old->translated ? " (its addresses are translated)" : "");
}

static void print_reset(const struct unlabeled_flows *flows)
{
	if (flows->reset)
		fprintf(stderr,
			"%zu unlabeled %s from before the rules: the next packet gives %s a "
			"label\n",
			flows->reset, connections(flows->reset), flows->reset == 1 ? "it" : "each");
	if (flows->held)
		fprintf(stderr,
			"secmarkctl: warning: %zu unlabeled %s in a flowtable cannot be labeled\n",
			flows->held, connections(flows->held));
}

bool print_flows_settle(const struct plan *plan, const char *unlabeled, bool reset, bool list)
{
	struct unlabeled_flows flows;
	struct err err;
	size_t i;
	int ret = unlabeled_flows_find(plan, unlabeled, &flows, &err);

	for (i = 0; list && !ret && i < flows.n; i++)
		print_flow(&flows.v[i]);
	if (!ret && reset && flows.n)
		ret = unlabeled_flows_reset(&flows, &err);
	if (ret)
		fprintf(stderr,
			"secmarkctl: warning: connections from before the rules may stay "
			"unlabeled: %s\n",
			err.what);
	else if (reset)
		print_reset(&flows);
	else if (flows.n)
		fprintf(stderr,
			"%zu unlabeled %s from before the rules: apply --reset-flows labels %s\n",
			flows.n, connections(flows.n), flows.n == 1 ? "it" : "them");
	unlabeled_flows_free(&flows);
	return !ret || !reset;
}
