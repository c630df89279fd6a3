// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "packet/flow.h"
#include "plan/lookup.h"
#include "plan/plan.h"

/* A flow, and the type of the line that labels it; NULL: none. */
struct flow_case {
	enum flow_dir dir;
	uint8_t proto;
	const char *src, *dst;
	uint16_t sport, dport;
	const char *in, *out;
	bool stray;
	const char *type;
};

#define TCP IPPROTO_TCP
#define UDP IPPROTO_UDP
#define ICMP IPPROTO_ICMP
#define ICMPV6 IPPROTO_ICMPV6

static struct net lookup_address(const char *text)
{
	struct net net;
	struct err err;

	assert_int_equal(net_parse(text, &net, &err), 0);
	return net;
}

static void look_up(const char *text, const struct flow_case *cases, size_t n)
{
	const struct flow_case *c;
	const struct plan_line *line;
	struct diag diag = { 0 };
	struct plan plan;
	struct flow flow;

	assert_int_equal(plan_parse("test", text, strlen(text), &plan, &diag), 0);
	for (c = cases; c < cases + n; c++) {
		flow = (struct flow){ .dir = c->dir,
				      .proto = c->proto,
				      .src = lookup_address(c->src),
				      .dst = lookup_address(c->dst),
				      .sport = c->sport,
				      .dport = c->dport,
				      .stray = c->stray };
		strcpy(flow.in, c->in);
		strcpy(flow.out, c->out);
		line = lookup(&plan, &flow);
		if (!line != !c->type || (line && strcmp(line->label.text, c->type)))
			fail_msg("case %td: %s in place of %s", c - cases,
				 line ? line->text : "nothing", c->type ? c->type : "nothing");
	}
	plan_free(&plan);
	diag_free(&diag);
}

#define LOOK_UP(text, cases) look_up(text, cases, sizeof(cases) / sizeof((cases)[0]))

static void the_first_line_of_the_side_that_fits_labels_a_flow(void **state)
{
	static const struct flow_case cases[] = {
		{ FLOW_IN, TCP, "10.0.0.1", "10.0.0.2", 5000, 80, "eth0", "", false, "a_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "10.0.0.2", 5000, 81, "eth0", "", false, "b_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "10.0.0.2", 80, 90, "eth0", "", false, "d_t" },
		{ FLOW_IN, UDP, "10.0.0.1", "10.0.0.2", 5000, 80, "eth0", "", false, "c_t" },
		{ FLOW_IN, IPPROTO_GRE, "10.0.0.1", "10.0.0.2", 0, 0, "eth0", "", false, "c_t" },
		{ FLOW_OUT, TCP, "10.0.0.2", "10.0.0.1", 5000, 80, "", "eth0", false, "e_t" },
		{ FLOW_OUT, UDP, "10.0.0.2", "10.0.0.1", 5000, 80, "", "eth0", false, "f_t" },
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 5000, 80, "eth0", "eth1", false,
		  NULL },
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 5000, 25, "eth0", "eth1", false,
		  "g_t" },
	};

	(void)state;
	LOOK_UP("default server d_t\n"
		"default client f_t\n"
		"server a_t tcp 80\n"
		"client e_t tcp 80\n"
		"server b_t tcp 80-89\n"
		"server c_t udp\n"
		"server d_t tcp\n"
		"server c_t any\n"
		"forward g_t tcp 25\n",
		cases);
}

static void addresses_are_of_one_family_and_a_negation_leaves_the_other_alone(void **state)
{
	static const struct flow_case cases[] = {
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "eth0", "", false, "a_t" },
		{ FLOW_IN, TCP, "11.0.0.1", "192.0.2.1", 5000, 1, "eth0", "", false, NULL },
		{ FLOW_IN, TCP, "fd00::1", "fd00::2", 5000, 1, "eth0", "", false, NULL },
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 2, "eth0", "", false, NULL },
		{ FLOW_IN, TCP, "11.0.0.1", "192.0.2.1", 5000, 2, "eth0", "", false, "b_t" },
		{ FLOW_IN, TCP, "fd00::1", "fd00::2", 5000, 2, "eth0", "", false, "b_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 3, "eth0", "", false, "c_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.2", 5000, 3, "eth0", "", false, NULL },
		{ FLOW_IN, TCP, "10.0.0.1", "198.51.100.1", 5000, 3, "eth0", "", false, "c_t" },
		{ FLOW_IN, TCP, "fd00::1", "fd00::2", 5000, 3, "eth0", "", false, "c_t" },
		{ FLOW_IN, ICMP, "10.0.0.1", "192.0.2.1", 0, 0, "eth0", "", false, "d_t" },
		{ FLOW_IN, ICMP, "fd00::1", "fd00::2", 0, 0, "eth0", "", false, NULL },
		{ FLOW_IN, ICMPV6, "fd00::1", "fd00::2", 0, 0, "eth0", "", false, "e_t" },
		{ FLOW_IN, ICMPV6, "10.0.0.1", "192.0.2.1", 0, 0, "eth0", "", false, NULL },
	};

	(void)state;
	LOOK_UP("server a_t tcp 1 from 10.0.0.0/8\n"
		"server b_t tcp 2 from !10.0.0.0/8\n"
		"server c_t tcp 3 to 192.0.2.1,198.51.100.0/24,fd00::2 from "
		"!172.16.0.0/12,fe80::/10\n"
		"server d_t icmp\n"
		"server e_t icmpv6\n",
		cases);
}

static void an_interface_that_is_not_known_fits_lines_that_name_none(void **state)
{
	static const struct flow_case cases[] = {
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "eth0", "", false, "a_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "eth1", "", false, "b_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "eth", "", false, "b_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "wlan0", "", false, "c_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "lo", "", false, "d_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "", "", false, "d_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "", "eth0", false, "e_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "", "eth00", false, NULL },
		{ FLOW_FORWARD, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "eth0", "eth1", false,
		  "f_t" },
		{ FLOW_FORWARD, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "eth1", "eth0", false,
		  NULL },
		{ FLOW_FORWARD, TCP, "10.0.0.1", "192.0.2.1", 5000, 1, "eth0", "", false, NULL },
	};

	(void)state;
	LOOK_UP("server a_t tcp 1 on eth0\n"
		"server b_t tcp 1 on eth+\n"
		"server c_t tcp 1 on !lo\n"
		"server d_t tcp 1 on +\n"
		"client e_t tcp 1 on eth0\n"
		"forward f_t tcp 1 in eth0 out !eth0\n",
		cases);
}

static void a_stray_is_looked_up_on_both_sides(void **state)
{
	/* we are 10.0.0.1, they are 10.0.0.2 */
	static const struct flow_case cases[] = {
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 5000, 80, "eth0", "", true, "web_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 80, 5000, "", "eth0", true, "web_t" },
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 443, 5000, "eth0", "", true, "https_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 5000, 443, "", "eth0", true, "https_t" },
		/* the local port of a server comes first */
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 443, 80, "eth0", "", true, "web_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 80, 443, "", "eth0", true, "web_t" },
		/* "from" of a server, and "to" of a client, is the other end */
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 22, 5000, "", "eth0", true, "ssh_t" },
		{ FLOW_OUT, TCP, "10.0.0.2", "10.0.0.1", 22, 5000, "", "eth0", true, "client_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 22, 5000, "", "eth1", true, "client_t" },
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 3128, 5000, "eth1", "", true, "proxy_t" },
		{ FLOW_IN, TCP, "10.0.0.1", "10.0.0.2", 3128, 5000, "eth1", "", true, "server_t" },
		/* a flow that is not stray has one side */
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 443, 5000, "eth0", "", false, "server_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 80, 5000, "", "eth0", false, "client_t" },
		/* forwarded: neither end is ours */
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 5000, 25, "eth0", "eth1", true,
		  "mail_t" },
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 25, 5000, "eth0", "eth1", true,
		  "mail_t" },
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 25, 5000, "eth0", "eth1", false,
		  NULL },
		/* for the other direction interfaces are not compared */
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 5000, 26, "eth0", "eth1", true, NULL },
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 26, 5000, "eth0", "eth1", true,
		  "more_t" },
		{ FLOW_FORWARD, UDP, "10.0.0.2", "10.0.0.1", 53, 5000, "eth0", "eth1", true,
		  "dns_t" },
	};

	(void)state;
	LOOK_UP("client https_t tcp 443\n"
		"client proxy_t tcp 3128 from 10.0.0.1 to 10.0.0.2 on eth1\n"
		"server web_t tcp 80\n"
		"server ssh_t tcp 22 from 10.0.0.2 to 10.0.0.1 on eth0\n"
		"forward mail_t tcp 25\n"
		"forward more_t tcp 26 in eth2\n"
		"forward dns_t udp 53\n"
		"default server server_t\n"
		"default client client_t\n",
		cases);
}

/* The kernel gives 32768 to 60999 to clients. */
static void ports_tell_which_end_of_a_stray_is_the_client(void **state)
{
	static const struct flow_case cases[] = {
		/* no line has 81: the default, and not a client's line that fits the client's port
		 */
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 40000, 81, "eth0", "", true, "server_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 81, 40000, "", "eth0", true, "server_t" },
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 81, 40000, "eth0", "", true, "client_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 40000, 81, "", "eth0", true, "client_t" },
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 80, 40000, "eth0", "", true, "web_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 80, 40000, "", "eth0", true, "server_t" },
		/* a server's line comes first even then */
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 50000, 80, "", "eth0", true, "high_t" },
		/* the ends of the range */
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 81, 32768, "", "eth0", true, "server_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 81, 60999, "", "eth0", true, "server_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 81, 32767, "", "eth0", true, "client_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 81, 61000, "", "eth0", true, "all_t" },
		/* both ports may be a client's; FTP's data port; UDP; not stray */
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 40000, 40001, "eth0", "", true, "all_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 20, 40000, "", "eth0", true, "all_t" },
		{ FLOW_IN, TCP, "10.0.0.2", "10.0.0.1", 20, 40000, "eth0", "", true, "server_t" },
		{ FLOW_OUT, UDP, "10.0.0.1", "10.0.0.2", 81, 40000, "", "eth0", true, "client_t" },
		{ FLOW_OUT, TCP, "10.0.0.1", "10.0.0.2", 81, 40000, "", "eth0", false, "all_t" },
		/* forwarded */
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 25, 40000, "eth0", "eth1", true,
		  "mail_t" },
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 45000, 26, "eth0", "eth1", true,
		  NULL },
		{ FLOW_FORWARD, TCP, "10.0.0.2", "10.0.0.1", 45000, 45001, "eth0", "eth1", true,
		  "fwd_t" },
	};

	(void)state;
	LOOK_UP("client web_t tcp 80\n"
		"client all_t tcp 33000-65535\n"
		"server high_t tcp 50000\n"
		"forward mail_t tcp 25\n"
		"forward fwd_t tcp 45000\n"
		"default server server_t\n"
		"default client client_t\n",
		cases);
}

/* A flow that is not fully known: the type of the line that certainly fits, and of the first line
 * that may fit. */
struct partial_case {
	enum flow_dir dir;
	const char *src, *dst;
	uint16_t dport;
	const char *in, *out;
	const char *type, *possible;
};

static void assert_type(const struct plan_line *line, const char *type, size_t n)
{
	if (strcmp(line ? line->label.text : "none", type))
		fail_msg("case %zu: %s in place of %s", n, line ? line->text : "none", type);
}

static void what_is_not_known_fits_only_lines_that_do_not_ask_but_may_fit_others(void **state)
{
	static const struct partial_case cases[] = {
		/* the interface */
		{ FLOW_IN, "10.0.0.1", "192.0.2.1", 1, "", "", "b_t", "a_t" },
		{ FLOW_IN, "10.0.0.1", "192.0.2.1", 1, "eth0", "", "a_t", "a_t" },
		{ FLOW_IN, "10.0.0.1", "192.0.2.1", 1, "eth1", "", "b_t", "b_t" },
		{ FLOW_IN, "10.0.0.1", "192.0.2.1", 2, "", "", "none", "c_t" },
		{ FLOW_FORWARD, "10.0.0.1", "192.0.2.1", 1, "eth0", "", "none", "h_t" },
		{ FLOW_FORWARD, "10.0.0.1", "192.0.2.1", 1, "eth1", "", "none", "none" },
		/* an address: the line's network has all of the flow's network, a part of it, or
		   nothing */
		{ FLOW_IN, "10.1.0.0/16", "192.0.2.1", 3, "", "", "d_t", "d_t" },
		{ FLOW_IN, "0.0.0.0/0", "192.0.2.1", 3, "", "", "e_t", "d_t" },
		{ FLOW_IN, "11.0.0.0/8", "192.0.2.1", 3, "", "", "e_t", "e_t" },
		{ FLOW_IN, "::/0", "fd00::1", 3, "", "", "none", "none" },
		/* the same for a line with "!" */
		{ FLOW_IN, "10.1.0.0/16", "192.0.2.1", 4, "", "", "g_t", "g_t" },
		{ FLOW_IN, "0.0.0.0/0", "192.0.2.1", 4, "", "", "g_t", "f_t" },
		{ FLOW_IN, "11.0.0.0/8", "192.0.2.1", 4, "", "", "f_t", "f_t" },
		{ FLOW_IN, "::/0", "fd00::1", 4, "", "", "f_t", "f_t" },
	};
	static const char text[] = "server a_t tcp 1 on eth0\n"
				   "server b_t tcp 1\n"
				   "server c_t tcp 2 on !lo\n"
				   "server d_t tcp 3 from 172.16.0.0/12,10.0.0.0/8\n"
				   "server e_t tcp 3 from 0.0.0.0/0\n"
				   "server f_t tcp 4 from !10.0.0.0/8\n"
				   "server g_t tcp 4\n"
				   "forward h_t tcp 1 in eth0 out eth1\n";
	struct diag diag = { 0 };
	struct plan plan;
	struct flow flow;
	size_t i;

	(void)state;
	assert_int_equal(plan_parse("test", text, strlen(text), &plan, &diag), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		flow = (struct flow){ .dir = cases[i].dir,
				      .proto = TCP,
				      .src = lookup_address(cases[i].src),
				      .dst = lookup_address(cases[i].dst),
				      .sport = 5000,
				      .dport = cases[i].dport };
		strcpy(flow.in, cases[i].in);
		strcpy(flow.out, cases[i].out);
		assert_type(lookup(&plan, &flow), cases[i].type, i);
		assert_type(lookup_possible(&plan, &flow), cases[i].possible, i);
	}
	plan_free(&plan);
	diag_free(&diag);
}

/* The packet inside a tunnel has a label already. */
static void a_default_labels_no_outer_packet_from_or_to_this_host(void **state)
{
	static const char text[] = "server a_t any on eth0\n"
				   "default server b_t\n"
				   "default client c_t\n"
				   "default forward d_t\n";
	static const uint8_t outer[] = { 4, 41, 47, 50, 51, 108, 115, 137 };
	static const uint8_t others[] = { 1, 2, 17, 46, 52, 132 };
	struct flow flow = { .src = lookup_address("10.0.0.1"), .dst = lookup_address("10.0.0.2") };
	struct diag diag = { 0 };
	struct plan plan;
	size_t i;

	(void)state;
	assert_int_equal(plan_parse("test", text, strlen(text), &plan, &diag), 0);
	for (i = 0; i < sizeof(outer) + sizeof(others); i++) {
		bool is_outer = i < sizeof(outer);

		flow.proto = is_outer ? outer[i] : others[i - sizeof(outer)];
		flow.dir = FLOW_IN;
		strcpy(flow.in, "eth1");
		assert_type(lookup(&plan, &flow), is_outer ? "none" : "b_t", i);
		strcpy(flow.in, "eth0");
		assert_type(lookup(&plan, &flow), "a_t", i);
		flow.dir = FLOW_OUT;
		assert_type(lookup(&plan, &flow), is_outer ? "none" : "c_t", i);
		flow.dir = FLOW_FORWARD;
		assert_type(lookup(&plan, &flow), "d_t", i);
	}
	plan_free(&plan);
	diag_free(&diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_default_labels_no_outer_packet_from_or_to_this_host),
		cmocka_unit_test(
			what_is_not_known_fits_only_lines_that_do_not_ask_but_may_fit_others),
		cmocka_unit_test(the_first_line_of_the_side_that_fits_labels_a_flow),
		cmocka_unit_test(addresses_are_of_one_family_and_a_negation_leaves_the_other_alone),
		cmocka_unit_test(an_interface_that_is_not_known_fits_lines_that_name_none),
		cmocka_unit_test(a_stray_is_looked_up_on_both_sides),
		cmocka_unit_test(ports_tell_which_end_of_a_stray_is_the_client),
	};

	return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
