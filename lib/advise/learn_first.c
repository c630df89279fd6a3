// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn_first.h"

#include <stdlib.h>
#include <string.h>

#include "advise/learn.h"
#include "advise/learn_print.h"

#define SSH_PORT 22

static const char learn_why_session[] = "your own session";
static const char learn_why_ssh[] = "ssh";
static const char learn_why_icmp[] = "ICMP: errors, ping, and for IPv6 the neighbors";
static const char learn_why_dhcp[] = "DHCP";
static const char learn_why_dns[] = "DNS";
static const char learn_why_ntp[] = "the time";

/* In the order of a first plan. DHCP: a server answers a broadcast from its own address, and so
 * begins a flow to the client's port (RFC 2131, 4.1; RFC 8415, 7.2). */
static const struct learn_use learn_first[] = {
	{ .side = SIDE_SERVER, .proto = IPPROTO_ICMP, .why = learn_why_icmp },
	{ .side = SIDE_SERVER, .proto = IPPROTO_ICMPV6, .why = learn_why_icmp },
	{ .side = SIDE_CLIENT, .proto = IPPROTO_ICMP, .why = learn_why_icmp },
	{ .side = SIDE_CLIENT, .proto = IPPROTO_ICMPV6, .why = learn_why_icmp },
	{ .side = SIDE_SERVER, .proto = IPPROTO_UDP, .port = 68, .why = learn_why_dhcp },
	{ .side = SIDE_SERVER, .proto = IPPROTO_UDP, .port = 546, .why = learn_why_dhcp },
	{ .side = SIDE_CLIENT, .proto = IPPROTO_UDP, .port = 67, .why = learn_why_dhcp },
	{ .side = SIDE_CLIENT, .proto = IPPROTO_UDP, .port = 547, .why = learn_why_dhcp },
	{ .side = SIDE_CLIENT, .proto = IPPROTO_TCP, .port = 53, .why = learn_why_dns },
	{ .side = SIDE_CLIENT, .proto = IPPROTO_UDP, .port = 53, .why = learn_why_dns },
	{ .side = SIDE_CLIENT, .proto = IPPROTO_UDP, .port = 123, .why = learn_why_ntp },
};

static const char *const learn_order[] = { learn_why_session, learn_why_ssh, learn_why_icmp,
					   learn_why_dhcp,    learn_why_dns, learn_why_ntp };

#define LEARN_ORDER (sizeof(learn_order) / sizeof(learn_order[0]))

static void learn_take_needed(struct learn_evidence *e, struct learn_use use)
{
	const struct net any = { .family = use.proto == IPPROTO_ICMPV6 ? AF_INET6 : AF_INET };

	use.more_peers = use.outside = true;
	learn_take_use(e, &use, &any);
}

void learn_take_first(struct learn_evidence *e, uint16_t session)
{
	struct learn_use use = { .side = SIDE_SERVER, .proto = IPPROTO_TCP };
	size_t i, n = e->n;

	for (i = 0; i < sizeof(learn_first) / sizeof(learn_first[0]); i++)
		learn_take_needed(e, learn_first[i]);
	use.port = session;
	use.why = learn_why_session;
	if (session)
		learn_take_needed(e, use);
	use.port = SSH_PORT;
	use.why = learn_why_ssh;
	for (i = 0; i < n && session != SSH_PORT; i++) {
		if (e->v[i].side == SIDE_SERVER && e->v[i].proto == IPPROTO_TCP &&
		    e->v[i].port == SSH_PORT) {
			learn_take_needed(e, use);
			break;
		}
	}
}

static int learn_first_place(const struct learn_line *line)
{
	size_t i;

	for (i = 0; i < LEARN_ORDER; i++)
		if (line->why == learn_order[i])
			break;
	return i;
}

/* Lines of one place stay in their order: they are sorted already. */
void learn_sort_first(struct learn_lines *lines)
{
	struct learn_line line;
	size_t i, k;

	for (i = 1; i < lines->n; i++) {
		line = lines->v[i];
		for (k = i; k && learn_first_place(&lines->v[k - 1]) > learn_first_place(&line);
		     k--)
			lines->v[k] = lines->v[k - 1];
		lines->v[k] = line;
	}
	learn_define_types(lines, NULL);
}

static const char learn_first_head[] =
	"# The first plan of this machine. Packets that no line is for stay allowed, and each\n"
	"# leaves a record in the audit log:\n"
	"#   secmarkctl policy --load PLAN && secmarkctl apply PLAN\n"
	"# Use the machine as always. Then add the lines that the records ask for, and load and\n"
	"# apply the result:\n"
	"#   secmarkctl learn --now --since boot --merge PLAN > PLAN.new\n"
	"# When learn finds nothing new, write \"unlabeled deny\" here.\n"
	"unlabeled audit\n";

void learn_print_first(const struct learn_lines *lines, size_t hidden, FILE *out)
{
	size_t i;

	if (hidden)
		fprintf(out,
			"# WARNING: %zu %s not show sockets to secmarkctl init. This plan may cut\n"
			"# off what they use. Run init as root.\n",
			hidden, hidden == 1 ? "process did" : "processes did");
	fputs(learn_first_head, out);
	for (i = 0; i < lines->n; i++) {
		fputc('\n', out);
		learn_print_reason(&lines->v[i], out);
		learn_print_line(&lines->v[i], out);
	}
}
