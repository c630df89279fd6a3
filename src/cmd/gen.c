// SPDX-License-Identifier: GPL-2.0-only
/* gen: make a plan from the port types of the policy */
#include <errno.h>
#include <stdio.h>

#include "advise/port_plan.h"
#include "args.h"
#include "base/err.h"
#include "host/running_policy.h"
#include "packet/proto.h"
#include "policy_option.h"
#include "print.h"
#include "selinux/oracle.h"

enum { POLICY };

static const struct cmd_option options[] = {
	[POLICY] = POLICY_OPTION,
	{ NULL, NULL, NULL, 0 },
};

static void print_port_line(const char *side, const struct port_plan_ports *p)
{
	const struct port_range *v = p->ports.v;
	size_t i;

	printf("%s %s_%s_packet_t %s ", side, p->name, side, proto_name(p->proto));
	for (i = 0; i < p->ports.n; i++) {
		printf("%s%u", i ? "," : "", v[i].lo);
		if (v[i].hi > v[i].lo)
			printf("-%u", v[i].hi);
	}
	putchar('\n');
}

static void print_side(const struct port_plan *gen, const char *side, bool client)
{
	size_t i;

	putchar('\n');
	for (i = 0; i < gen->n; i++)
		/* a plan has no ports of other protocols */
		if ((client ? gen->v[i].client : gen->v[i].server) &&
		    proto_has_ports(gen->v[i].proto))
			print_port_line(side, &gen->v[i]);
	if (gen->icmp)
		printf("%s icmp_packet_t icmp\n%s icmp_packet_t icmpv6\n", side, side);
	if (client ? gen->client : gen->server)
		printf("default %s %s_packet_t\n", side, side);
}

static int gen_run(const struct args *args)
{
	struct oracle *oracle = policy_open(args->option[POLICY]);
	struct port_plan gen;
	struct err err;
	int ret;

	if (!oracle)
		return FAILED;
	ret = port_plan_read(oracle, &gen, &err);
	if (ret == -ENOENT || ret == -EACCES) {
		err_set(&err, ret, "%s", running_policy_excuse(ret));
		err_hint(&err, "name a policy file with --policy FILE");
	}
	if (ret) {
		print_err(&err);
	} else {
		print_line(stdout,
			   "# The ports of %s, each with the packet type named after its "
			   "port type.",
			   oracle->policy);
		print_side(&gen, "server", false);
		print_side(&gen, "client", true);
	}
	port_plan_free(&gen);
	oracle_free(oracle);
	return ret ? FAILED : DONE;
}

const struct cmd cmd_gen = {
	.name = "gen",
	.operands = "",
	.help = "print a plan for the ports that the policy knows",
	.options = options,
	.run = gen_run,
};
