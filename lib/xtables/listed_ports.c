// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/listed_ports.h"

#include <netinet/in.h>

#include "plan/plan.h"
#include "util/alloc.h"

static void list_range(const struct port_range *clients, const struct port_range *range,
		       struct ports *listed)
{
	uint16_t lo = range->lo > clients->lo ? range->lo : clients->lo;
	uint16_t hi = range->hi < clients->hi ? range->hi : clients->hi;

	if (range->hi - range->lo < LISTED_PORTS_MAX && lo <= hi)
		alloc_check(ports_add(listed, lo, hi));
}

struct ports listed_ports(const struct plan *plan, enum side side, enum dispatch_family family)
{
	struct ports listed = { 0 };
	const struct plan_line *line;
	size_t i;

	for (line = plan->lines; line < plan->lines + plan->n_lines; line++) {
		if (line->side != side || line->proto != IPPROTO_TCP ||
		    dispatch_fit(line, family) == DISPATCH_NEVER)
			continue;
		for (i = 0; i < line->ports.n; i++)
			list_range(&plan->client_ports, &line->ports.v[i], &listed);
	}
	return listed;
}
