// SPDX-License-Identifier: GPL-2.0-only
#include "advise/line_port.h"

#include <stdbool.h>
#include <stddef.h>

#include "plan/line.h"
#include "selinux/oracle.h"

/* A search for the type of ports. */
struct port_search {
	uint8_t proto;
	struct port_range range;
	bool met; /* a range of the policy has some of the ports */
	const char *type;
};

static void compare_ports(void *arg, const struct oracle_ports *ports)
{
	struct port_search *s = arg;

	if (s->met || ports->proto != s->proto || ports->hi < s->range.lo ||
	    ports->lo > s->range.hi)
		return;
	s->met = true;
	if (ports->lo <= s->range.lo && ports->hi >= s->range.hi)
		s->type = ports->type;
}

const char *line_port_type(struct oracle *o, const struct plan_line *line)
{
	struct port_search s = { .proto = line->proto };

	if (!line->ports.n)
		return NULL;
	s.range = line->ports.v[0];
	o->ops->ports(o, compare_ports, &s);
	return s.type;
}
