// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "advise/learn.h"
#include "advise/learn_first.h"
#include "advise/learn_now.h"
#include "advise/learn_policy.h"
#include "advise/learn_print.h"
#include "base/err.h"
#include "host/socket_owners.h"
#include "host/sockets.h"
#include "plan/plan.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "support/cpu_clock.h"
#include "support/unlabeled_record.h"
#include "util/buffer.h"

/* 2026-11-29, a Sunday, 11:00:00 UTC */
#define NOON INT64_C(1795950000)

static struct oracle *oracle;
static struct learn_policy policy;

static int open_policy(void **state)
{
	struct err err;

	(void)state;
	setenv("TZ", "UTC", 1);
	if (oracle_file_open("learn.pol", "learn.pol", &oracle, &err))
		return -1;
	return learn_policy_read(oracle, &policy, &err);
}

static int close_policy(void **state)
{
	(void)state;
	learn_policy_free(&policy);
	oracle_free(oracle);
	return 0;
}

static struct learn_evidence nothing_known(void)
{
	return (struct learn_evidence){ .policy = &policy, .client_ports = PORTS_OF_CLIENTS };
}

static void take(struct learn_evidence *e, const char *text)
{
	take_unlabeled(e, "granted", text);
}

/* The lines without their comments. */
static char *lines_of(struct learn_evidence *e, enum learn_addresses addresses)
{
	struct learn_lines lines;
	char *text;
	size_t len, i;
	FILE *out = buffer_open(&text, &len);

	learn_propose(e, addresses, &lines);
	for (i = 0; i < lines.n; i++)
		learn_print_line(&lines.v[i], out);
	buffer_close(out);
	learn_lines_free(&lines);
	return text;
}

static void learns(struct learn_evidence *e, const char *expected)
{
	char *text = lines_of(e, LEARN_ADDRESSES_CLIENT);

	assert_string_equal(text, expected);
	free(text);
	learn_evidence_free(e);
}

static void ports_tell_the_side(void **state)
{
	struct learn_evidence e = nothing_known();

	(void)state;
	take(&e, "sshd_t recv 198.51.100.7 40000 192.0.2.1 22");
	learns(&e, "server ssh_server_packet_t tcp 22\n");
	/* the answer alone */
	take(&e, "sshd_t send 192.0.2.1 22 198.51.100.7 40000");
	learns(&e, "server ssh_server_packet_t tcp 22\n");
	take(&e, "chronyd_t recv 192.0.2.6 123 192.0.2.1 40000");
	learns(&e, "client ntp_client_packet_t udp 123 to 192.0.2.6\n");
	/* a client that has bound its port; the other one has a type of its own */
	take(&e, "chronyd_t recv 192.0.2.6 123 192.0.2.1 900");
	learns(&e, "client ntp_client_packet_t udp 123 to 192.0.2.6\n");
	/* other ports are those of clients here */
	e.client_ports = (struct port_range){ 10000, 20000 };
	take(&e, "guest_t send 192.0.2.1 15000 192.0.2.6 40000");
	learns(&e, "client client_packet_t tcp,udp 40000 to 192.0.2.6\n");
}

static void the_first_packet_tells_the_side(void **state)
{
	struct learn_evidence e = nothing_known();

	(void)state;
	take(&e, "chronyd_t send 192.0.2.1 123 192.0.2.6 123");
	take(&e, "chronyd_t recv 192.0.2.6 123 192.0.2.1 123");
	learns(&e, "client ntp_client_packet_t udp 123 to 192.0.2.6\n");
	take(&e, "guest_t recv 192.0.2.6 50000 192.0.2.1 50001");
	take(&e, "guest_t send 192.0.2.1 50001 192.0.2.6 50000");
	learns(&e, "server server_packet_t tcp,udp 50001\n");
}

static void sockets_tell_side_and_protocol(void **state)
{
	struct host_socket v[] = {
		{ .proto = IPPROTO_TCP, .lport = 50000 },
		{ .proto = IPPROTO_SCTP, .lport = 22 },
		{ .proto = IPPROTO_UDP, .connected = true, .lport = 40001, .rport = 80 },
		{ .proto = IPPROTO_TCP, .raw = true, .lport = 80, .rport = 80 },
	};
	struct host_sockets sockets = { .v = v, .n = sizeof(v) / sizeof(v[0]) };
	struct learn_evidence e = nothing_known();

	(void)state;
	e.sockets = &sockets;
	take(&e, "guest_t send 192.0.2.1 50000 192.0.2.6 50001");
	learns(&e, "server server_packet_t tcp 50000\n");
	take(&e, "sshd_t recv 192.0.2.6 50001 192.0.2.1 22");
	learns(&e, "server ssh_server_packet_t sctp 22\n");
	take(&e, "guest_t send 192.0.2.1 40000 192.0.2.6 80");
	learns(&e, "client http_client_packet_t udp 80 to 192.0.2.6\n");
	/* the connection is over, and its server is here */
	take(&e, "guest_t send 127.0.0.1 40000 127.0.0.1 50000");
	learns(&e, "client client_packet_t tcp 50000 to 127.0.0.1\n");
}

static void packets_without_ports_have_both_sides_if_the_kernel_sends(void **state)
{
	struct learn_evidence e = nothing_known();

	(void)state;
	take(&e, "ping_t send 192.0.2.1 0 192.0.2.6 0");
	take(&e, "ping_t recv 192.0.2.6 0 192.0.2.1 0");
	learns(&e, "client icmp_packet_t icmp\n");
	take(&e, "ping_t recv 192.0.2.6 0 192.0.2.1 0");
	learns(&e, "server icmp_packet_t icmp\n");
	take(&e, "kernel_t send 2001:db8::1 0 2001:db8::2 0");
	learns(&e, "server icmp_packet_t icmpv6\nclient icmp_packet_t icmpv6\n");
	take(&e, "kernel_t send 192.0.2.1 0 224.0.0.22 0");
	learns(&e, "type igmp_packet_t\nserver igmp_packet_t igmp\nclient igmp_packet_t igmp\n");
	take(&e, "ping_t recv 192.0.2.1 0 224.0.0.18 0");
	learns(&e, "type vrrp_packet_t\nserver vrrp_packet_t vrrp allow ping_t\n");
	take(&e, "ping_t send fe80::1 0 ff02::5 0");
	learns(&e, "type ospf_packet_t\nclient ospf_packet_t ospf allow ping_t\n");
}

static void what_is_forwarded_has_lines_of_its_own(void **state)
{
	struct host_socket v[] = {
		{ .proto = IPPROTO_TCP, .lport = 40000 },
		{ .proto = IPPROTO_UDP, .connected = true, .lport = 40001, .rport = 22 },
	};
	struct host_sockets sockets = { .v = v, .n = 2 };
	struct learn_evidence e = nothing_known();

	(void)state;
	/* the sockets of a router tell nothing of it */
	e.sockets = &sockets;
	take(&e, "unlabeled_t forward_in 198.51.100.7 40000 203.0.113.1 22");
	take(&e, "unlabeled_t forward_in 203.0.113.1 22 198.51.100.7 40000");
	learns(&e, "type ssh_forward_packet_t\n"
		   "forward ssh_forward_packet_t tcp 22 to 203.0.113.1 allow unlabeled_t\n");
	/* the answer alone, which was denied on its way out */
	take_unlabeled(&e, "denied", "unlabeled_t forward_out 203.0.113.1 22 198.51.100.7 40000");
	learns(&e, "type ssh_forward_packet_t\n"
		   "forward ssh_forward_packet_t tcp 22 to 203.0.113.1 allow unlabeled_t\n");
	/* ports without a type; a peer label */
	take(&e, "guest_t forward_in 2001:db8::7 50000 2001:db8::1 1400");
	learns(&e, "type guest_forward_packet_t\n"
		   "forward guest_forward_packet_t tcp,udp 1400 to 2001:db8::1 allow guest_t\n");
	/* the first packet tells the side, whichever end has the lower address */
	take(&e, "unlabeled_t forward_in 203.0.113.1 50000 198.51.100.7 50001");
	take(&e, "unlabeled_t forward_in 198.51.100.7 50001 203.0.113.1 50000");
	learns(&e, "type unlabeled_forward_packet_t\nforward unlabeled_forward_packet_t "
		   "tcp,udp 50001 to 198.51.100.7 allow unlabeled_t\n");
	take(&e, "unlabeled_t forward_in 198.51.100.7 50001 203.0.113.1 50000");
	take(&e, "unlabeled_t forward_in 203.0.113.1 50000 198.51.100.7 50001");
	learns(&e, "type unlabeled_forward_packet_t\nforward unlabeled_forward_packet_t "
		   "tcp,udp 50000 to 203.0.113.1 allow unlabeled_t\n");
	/* both ways of a protocol without ports */
	take(&e, "unlabeled_t forward_in 198.51.100.7 0 203.0.113.1 0");
	take(&e, "unlabeled_t forward_in 203.0.113.1 0 198.51.100.7 0");
	learns(&e, "forward icmp_packet_t icmp allow unlabeled_t\n");
}

static void the_kernel_speaks_for_no_port_alone(void **state)
{
	struct learn_evidence e = nothing_known();

	(void)state;
	take(&e, "kernel_t send 192.0.2.1 22 192.0.2.6 40000");
	learns(&e, "");
	/* a socket of the kernel's */
	take(&e, "kernel_t send 192.0.2.1 900 192.0.2.6 2049");
	take(&e, "kernel_t recv 192.0.2.6 2049 192.0.2.1 900");
	learns(&e, "client client_packet_t tcp,udp 2049 to 192.0.2.6\n");
}

static void types_of_the_plan_are_for_the_domains_that_were_seen(void **state)
{
	struct learn_evidence e = nothing_known();

	(void)state;
	/* the same domains share a type; others do not */
	take(&e, "httpd_t send 192.0.2.1 40000 192.0.2.6 1234");
	take(&e, "httpd_t send 192.0.2.1 40000 192.0.2.6 1236");
	take(&e, "httpd_t send 192.0.2.1 40000 192.0.2.6 1236");
	take(&e, "httpd_t send 192.0.2.1 40000 192.0.2.6 1238");
	take(&e, "sshd_t send 192.0.2.1 40000 192.0.2.6 1238");
	learns(&e, "type httpd_client_packet_t\n"
		   "client httpd_client_packet_t tcp,udp 1234,1236 to 192.0.2.6 allow httpd_t\n"
		   "type httpd_1238_client_packet_t\n"
		   "client httpd_1238_client_packet_t tcp,udp 1238 to 192.0.2.6 "
		   "allow httpd_t sshd_t\n");
	/* the policy has ssh_server_packet_t already; a name of a part with - is none of a type */
	take(&e, "my-app recv 192.0.2.6 40000 192.0.2.1 1234");
	learns(&e, "type my_app_server_packet_t\n"
		   "server my_app_server_packet_t tcp,udp 1234 allow my-app\n");
	/* a label of the policy, and a domain that needs a rule for it */
	take(&e, "sshd_t send 192.0.2.1 40000 192.0.2.6 123");
	take(&e, "chronyd_t send 192.0.2.1 40000 192.0.2.6 123");
	learns(&e, "client ntp_client_packet_t udp 123 to 192.0.2.6 allow sshd_t\n");
}

static void few_addresses_are_named(void **state)
{
	struct learn_evidence e = nothing_known();
	char text[128], *lines;
	int i;

	(void)state;
	for (i = 8; i; i--) {
		snprintf(text, sizeof(text), "chronyd_t send 192.0.2.1 40000 192.0.2.%d 123", i);
		take(&e, text);
	}
	lines = lines_of(&e, LEARN_ADDRESSES_CLIENT);
	assert_string_equal(lines, "client ntp_client_packet_t udp 123 to 192.0.2.1,192.0.2.2,"
				   "192.0.2.3,192.0.2.4,192.0.2.5,192.0.2.6,192.0.2.7,192.0.2.8\n");
	free(lines);
	lines = lines_of(&e, LEARN_ADDRESSES_NONE);
	assert_string_equal(lines, "client ntp_client_packet_t udp 123\n");
	free(lines);
	take(&e, "chronyd_t send 192.0.2.1 40000 192.0.2.9 123");
	learns(&e, "client ntp_client_packet_t udp 123\n");
	/* both ends are here, and nobody else */
	take(&e, "sshd_t recv 127.0.0.1 40000 127.0.0.1 22");
	take(&e, "sshd_t recv ::1 40000 ::1 22");
	lines = lines_of(&e, LEARN_ADDRESSES_CLIENT);
	assert_string_equal(lines, "server ssh_server_packet_t tcp 22 from 127.0.0.1,::1\n");
	free(lines);
	take(&e, "sshd_t recv 192.0.2.6 40000 192.0.2.1 22");
	lines = lines_of(&e, LEARN_ADDRESSES_ALL);
	assert_string_equal(lines,
			    "server ssh_server_packet_t tcp 22 from 127.0.0.1,192.0.2.6,::1\n");
	free(lines);
	learns(&e, "server ssh_server_packet_t tcp 22\n");
}

#define EVERYWHERE                 \
	{                          \
		.family = AF_INET6 \
	}
#define HERE                         \
	{                            \
		AF_INET, 32,         \
		{                    \
			127, 0, 0, 1 \
		}                    \
	}
#define OWN                          \
	{                            \
		AF_INET, 32,         \
		{                    \
			192, 0, 2, 1 \
		}                    \
	}
#define OTHER                        \
	{                            \
		AF_INET, 32,         \
		{                    \
			192, 0, 2, 6 \
		}                    \
	}

static struct host_socket there_are[] = {
	/* sshd waits for all, the web server for this machine */
	{ .proto = IPPROTO_TCP, .local = EVERYWHERE, .both = true, .lport = 22, .inode = 1 },
	{ .proto = IPPROTO_TCP, .local = HERE, .lport = 80, .inode = 2 },
	/* sessions, the second one at a port of clients */
	{ .proto = IPPROTO_TCP,
	  .connected = true,
	  .local = OWN,
	  .remote = OTHER,
	  .lport = 22,
	  .rport = 40000,
	  .inode = 3 },
	{ .proto = IPPROTO_TCP, .local = EVERYWHERE, .lport = 50000, .inode = 9 },
	{ .proto = IPPROTO_TCP,
	  .connected = true,
	  .local = OWN,
	  .remote = OTHER,
	  .lport = 50000,
	  .rport = 40001,
	  .inode = 9 },
	/* a client; its server is here, too */
	{ .proto = IPPROTO_TCP,
	  .connected = true,
	  .local = HERE,
	  .remote = HERE,
	  .lport = 40002,
	  .rport = 80,
	  .inode = 4 },
	{ .proto = IPPROTO_UDP,
	  .connected = true,
	  .local = OWN,
	  .remote = OTHER,
	  .lport = 40000,
	  .rport = 123,
	  .inode = 5 },
	/* an answer is waited for; ping; what sees everything */
	{ .proto = IPPROTO_UDP, .local = OWN, .lport = 40001, .inode = 5 },
	{ .proto = IPPROTO_ICMP, .raw = true, .local = EVERYWHERE, .inode = 6 },
	{ .proto = IPPROTO_TCP, .raw = true, .local = EVERYWHERE, .inode = 6 },
	{ .proto = IPPROTO_RAW, .raw = true, .local = EVERYWHERE, .inode = 6 },
	/* nobody knows whose it is */
	{ .proto = IPPROTO_TCP, .local = OWN, .lport = 1234, .inode = 8 },
};

static void sockets_are_learnt_from(void **state)
{
	char sshd[] = "a:b:sshd_t:s0", httpd[] = "a:b:httpd_t:s0", guest[] = "a:b:guest_t:s0",
	     chronyd[] = "a:b:chronyd_t:s0", ping[] = "a:b:ping_t:s0";
	struct socket_process processes[] = { { .context = sshd },
					      { .context = httpd },
					      { .context = guest },
					      { .context = chronyd },
					      { .context = ping } };
	struct socket_owner v[] = { { 1, 0, 3 }, { 2, 1, 3 }, { 3, 0, 4 }, { 4, 2, 3 },
				    { 5, 3, 3 }, { 6, 4, 3 }, { 9, 2, 3 } };
	struct host_sockets sockets = { .v = there_are,
					.n = sizeof(there_are) / sizeof(there_are[0]) };
	struct socket_owners owners = { .v = v,
					.n = sizeof(v) / sizeof(v[0]),
					.processes = processes,
					.n_processes = 5,
					.proc = "/nowhere" };
	struct learn_evidence e = nothing_known();
	struct learn_lines lines;

	(void)state;
	learn_take_sockets(&e, &sockets, &owners);
	assert_int_equal(e.counts.port_unknown, 1);
	learn_propose(&e, LEARN_ADDRESSES_CLIENT, &lines);
	assert_int_equal(lines.nameless, 1);
	learn_lines_free(&lines);
	learns(&e, "server server_packet_t tcp 50000\n"
		   "server ssh_server_packet_t tcp 22\n"
		   "client http_client_packet_t tcp 80 to 127.0.0.1\n"
		   "client ntp_client_packet_t udp 123 to 192.0.2.6\n"
		   "server http_server_packet_t tcp 80 from 127.0.0.0/8\n"
		   "server icmp_packet_t icmp\n"
		   "client icmp_packet_t icmp\n");
}

/* The lines of a first plan, with their reasons. */
static void first_plan_is(struct learn_evidence *e, uint16_t session, const char *expected)
{
	struct learn_lines lines;
	char *text;
	size_t len, i;
	FILE *out = buffer_open(&text, &len);

	learn_take_first(e, session);
	learn_propose(e, LEARN_ADDRESSES_CLIENT, &lines);
	learn_sort_first(&lines);
	for (i = 0; i < lines.n; i++) {
		learn_print_reason(&lines.v[i], out);
		learn_print_line(&lines.v[i], out);
	}
	buffer_close(out);
	assert_string_equal(text, expected);
	free(text);
	learn_lines_free(&lines);
	learn_evidence_free(e);
}

#define FIRST                                                \
	"# ICMP: errors, ping, and for IPv6 the neighbors\n" \
	"server icmp_packet_t icmp\n"                        \
	"# ICMP: errors, ping, and for IPv6 the neighbors\n" \
	"server icmp_packet_t icmpv6\n"                      \
	"# ICMP: errors, ping, and for IPv6 the neighbors\n" \
	"client icmp_packet_t icmp\n"                        \
	"# ICMP: errors, ping, and for IPv6 the neighbors\n" \
	"client icmp_packet_t icmpv6\n"
#define DNS                                                                       \
	"# DNS: write \"allow DOMAIN\" for who uses it, and remove the # below\n" \
	"# type dns_client_packet_t\n# client dns_client_packet_t tcp,udp 53\n"
#define TIME "# the time\nclient ntp_client_packet_t udp 123\n"

static void a_first_plan_has_what_each_machine_needs(void **state)
{
	const struct net any = { .family = AF_INET };
	struct learn_use dns = { .side = SIDE_CLIENT,
				 .proto = IPPROTO_UDP,
				 .port = 53,
				 .domain = "guest_t",
				 .connections = 1,
				 .n_peers = 1,
				 .peers = { OTHER } };
	struct learn_use ssh = { .side = SIDE_SERVER,
				 .proto = IPPROTO_TCP,
				 .port = 22,
				 .domain = "sshd_t",
				 .listens = true,
				 .outside = true };
	struct learn_use web = { .side = SIDE_SERVER,
				 .proto = IPPROTO_TCP,
				 .port = 80,
				 .domain = "httpd_t",
				 .listens = true,
				 .outside = true };
	struct learn_evidence e = nothing_known();

	(void)state;
	/* the policy of this test has no types for DHCP */
	first_plan_is(&e, 0, FIRST DNS TIME);
	learn_take_use(&e, &web, &any);
	learn_take_use(&e, &ssh, &any);
	learn_take_use(&e, &dns, &any);
	first_plan_is(&e, 0,
		      "# ssh, listening, sshd_t\nserver ssh_server_packet_t tcp 22\n" FIRST
		      "# DNS, 1 connection, guest_t\ntype dns_client_packet_t\n"
		      "client dns_client_packet_t udp 53 allow guest_t\n"
		      "# DNS: write \"allow DOMAIN\" for who uses it, and remove the # below\n"
		      "# client dns_client_packet_t tcp 53\n" TIME
		      "# listening, httpd_t\nserver http_server_packet_t tcp 80\n");
	learn_take_use(&e, &ssh, &any);
	first_plan_is(&e, 22,
		      "# your own session, listening, sshd_t\n"
		      "server ssh_server_packet_t tcp 22\n" FIRST DNS TIME);
}

static void what_is_hidden_is_no_line(void **state)
{
	const struct net any = { .family = AF_INET };
	struct learn_use web = { .side = SIDE_SERVER,
				 .proto = IPPROTO_TCP,
				 .port = 80,
				 .listens = true,
				 .outside = true };
	struct learn_evidence e = nothing_known();
	struct learn_lines none = { 0 };
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	(void)state;
	learn_take_use(&e, &web, &any);
	learns(&e, "# server http_server_packet_t tcp 80\n");
	/* one domain is known */
	learn_take_use(&e, &web, &any);
	web.domain = "httpd_t";
	learn_take_use(&e, &web, &any);
	learns(&e, "server http_server_packet_t tcp 80\n");
	/* the policy has ssh_server_packet_t: but may an unknown domain use it? */
	web.domain = NULL;
	web.port = 22;
	learn_take_use(&e, &web, &any);
	first_plan_is(&e, 22,
		      "# your own session, listening, unknown domain: write \"allow DOMAIN\" for "
		      "who uses it, and remove the # below\n"
		      "# server ssh_server_packet_t tcp 22\n" FIRST DNS TIME);
	learn_print_first(&none, 2, out);
	learn_print_first(&none, 0, out);
	buffer_close(out);
	assert_ptr_equal(strstr(text, "# WARNING: 2 processes did not show sockets to secmarkctl "
				      "init. This plan may cut\n# off what they use. "
				      "Run init as root.\n# The first plan of this machine."),
			 text);
	/* nothing is hidden the second time */
	assert_null(strstr(text + strlen("# WARNING"), "WARNING"));
	free(text);
}

static void a_scan_takes_a_limited_memory(void **state)
{
	struct learn_evidence e = nothing_known();
	char text[128];
	int i;

	(void)state;
	for (i = 1; i <= LEARN_USES_MAX / 2 + 1; i++) {
		snprintf(text, sizeof(text), "kernel_t send 192.0.2.1 %d 192.0.2.6 40000",
			 1 + i % 32000);
		take(&e, text);
		snprintf(text, sizeof(text), "sshd_t send 192.0.2.1 40000 192.0.2.6 %d",
			 1 + i % 32000);
		take(&e, text);
	}
	assert_true(e.n == LEARN_USES_MAX);
	assert_true(e.counts.lost > 0);
	assert_int_equal(e.counts.unlabeled, LEARN_USES_MAX + 2);
	learn_evidence_free(&e);
}

static void a_line_for_each_port_takes_a_limited_time(void **state)
{
	struct learn_evidence e = nothing_known();
	double before = cpu_clock_ms();
	char text[128];
	int i;

	(void)state;
	for (i = 1; i <= 30000; i++) {
		snprintf(text, sizeof(text), "sshd_t send 192.0.2.1 40000 10.0.%d.%d %d", i >> 8,
			 i & 255, 1000 + i);
		take(&e, text);
	}
	free(lines_of(&e, LEARN_ADDRESSES_CLIENT));
	learn_evidence_free(&e);
	assert_true(cpu_clock_ms() - before < 10000);
}

#define MANY 10000
/* What asks each socket for each record takes three times as long. */
#define MANY_LIMIT_MS 250

static void many_records_take_little_time_beside_many_sockets(void **state)
{
	const char *sanitized = getenv("SANITIZED");
	double begun, ms, limit = MANY_LIMIT_MS * (sanitized && *sanitized ? 20 : 1);
	struct host_sockets sockets = { .n = MANY };
	struct learn_evidence e = nothing_known();
	char text[128];
	int i;

	(void)state;
	sockets.v = calloc(MANY, sizeof(*sockets.v));
	assert_non_null(sockets.v);
	for (i = 0; i < MANY; i++)
		sockets.v[i] = (struct host_socket){
			.proto = IPPROTO_TCP, .connected = true, .lport = 40000 + i, .rport = 20000
		};
	e.sockets = &sockets;
	begun = cpu_clock_ms();
	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "guest_t send 192.0.2.1 %d 192.0.2.6 1400", 40000 + i);
		take(&e, text);
	}
	ms = cpu_clock_ms() - begun;
	if (ms > limit)
		fail_msg("%.0f ms, %.0f at most", ms, limit);
	learns(&e, "client client_packet_t tcp,udp 1400 to 192.0.2.6\n");
	free(sockets.v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_tell_the_side),
		cmocka_unit_test(the_first_packet_tells_the_side),
		cmocka_unit_test(sockets_tell_side_and_protocol),
		cmocka_unit_test(packets_without_ports_have_both_sides_if_the_kernel_sends),
		cmocka_unit_test(what_is_forwarded_has_lines_of_its_own),
		cmocka_unit_test(the_kernel_speaks_for_no_port_alone),
		cmocka_unit_test(types_of_the_plan_are_for_the_domains_that_were_seen),
		cmocka_unit_test(few_addresses_are_named),
		cmocka_unit_test(sockets_are_learnt_from),
		cmocka_unit_test(a_first_plan_has_what_each_machine_needs),
		cmocka_unit_test(what_is_hidden_is_no_line),
		cmocka_unit_test(a_scan_takes_a_limited_memory),
		cmocka_unit_test(a_line_for_each_port_takes_a_limited_time),
		cmocka_unit_test(many_records_take_little_time_beside_many_sockets),
	};

	return cmocka_run_group_tests(tests, open_policy, close_policy);
}
