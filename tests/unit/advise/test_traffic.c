// SPDX-License-Identifier: GPL-2.0-only
/* Connections by label and domain: whose they are, and what they did since the reading before. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "advise/traffic.h"
#include "audit/denial.h"
#include "audit/denial_counts.h"
#include "host/conntrack.h"
#include "host/local_addresses.h"
#include "host/sockets.h"
#include "support/cpu_clock.h"

#define CONTEXT(type) "system_u:object_r:" type ":s0"
#define UNLABELED CONTEXT("unlabeled_t")
#define WEB CONTEXT("web_packet_t")

static char proc[64];

static struct net address(const char *text)
{
	struct err *none = NULL;
	struct net net;

	assert_int_equal(net_parse(text, &net, none), 0);
	return net;
}

/* A connection to 192.0.2.1 port 80, without NAT. The number is its client's port, and more. */
static void take_traffic_of(struct traffic *t, unsigned int number, const char *secctx,
			    bool counted, uint64_t packets)
{
	struct conntrack_entry e = {
		.secctx = secctx, .counted = counted, .packets = packets, .bytes = 100 * packets
	};

	e.key = (struct conntrack_key){ .id = number, .len = 1 };
	e.orig = (struct conntrack_tuple){ .proto = IPPROTO_TCP,
					   .src = address("192.0.2.2"),
					   .dst = address("192.0.2.1"),
					   .sport = number,
					   .dport = 80 };
	e.reply = (struct conntrack_tuple){ .proto = IPPROTO_TCP,
					    .src = address("192.0.2.1"),
					    .dst = address("192.0.2.2"),
					    .sport = 80,
					    .dport = number };
	traffic_take(t, &e);
}

/* The server's socket of such a connection; its inode is the number. */
static void put_socket(struct host_sockets *list, struct host_socket s)
{
	list->v = realloc(list->v, (list->n + 1) * sizeof(*list->v));
	assert_non_null(list->v);
	list->v[list->n++] = s;
}

static struct host_socket served(unsigned int number)
{
	return (struct host_socket){ .proto = IPPROTO_TCP,
				     .connected = true,
				     .local = address("192.0.2.1"),
				     .lport = 80,
				     .remote = address("192.0.2.2"),
				     .rport = number,
				     .inode = number };
}

/* This host is 192.0.2.1. */
static void finish_with(struct traffic *t, const struct host_sockets *sockets, int64_t now)
{
	const struct net here = address("192.0.2.1"), loopback = address("127.0.0.1");
	struct local_addresses addresses = { .own = NULL };
	const struct traffic_host host = { sockets, &addresses, proc };

	local_addresses_add(&addresses, true, &here);
	local_addresses_add(&addresses, true, &loopback);
	traffic_finish(t, &host, now);
	local_addresses_free(&addresses);
}

/* "label domain connections/counted packets bytes +packets +bytes denials +denials;" for each */
static const char *shown(const struct traffic_rows *rows)
{
	static char text[1024];
	const struct traffic_row *r;
	size_t n = 0;

	text[0] = '\0';
	for (r = rows->v; r < rows->v + rows->n; r++)
		n += snprintf(text + n, sizeof(text) - n, "%s %s %d/%d %d %d +%d +%d %d +%d;",
			      r->label ? r->label : "-", r->domain ? r->domain : "-",
			      (int)r->connections, (int)r->counted, (int)r->packets, (int)r->bytes,
			      (int)r->recent_packets, (int)r->recent_bytes, (int)r->denials,
			      (int)r->recent_denials);
	return text;
}

static void rates_are_differences(void **state)
{
	struct traffic t = { .unlabeled = UNLABELED };
	const struct host_sockets none = { .v = NULL };

	(void)state;
	take_traffic_of(&t, 1, WEB, true, 10);
	take_traffic_of(&t, 2, WEB, true, 20);
	take_traffic_of(&t, 3, NULL, true, 1);
	take_traffic_of(&t, 4, UNLABELED, false, 0);
	finish_with(&t, &none, 1000);
	assert_int_equal(t.milliseconds, 0);
	assert_string_equal(shown(&t.rows), "web_packet_t - 2/2 30 3000 +30 +3000 0 +0;"
					    "- - 2/1 1 100 +1 +100 0 +0;");
	/* 1 goes on, 2 is gone, 5 is new, 3 is another one in the same place */
	take_traffic_of(&t, 5, "other_u:object_r:web_packet_t:s0:c5", true, 7);
	take_traffic_of(&t, 1, WEB, true, 15);
	take_traffic_of(&t, 3, NULL, true, 0);
	/* an entry comes twice if another one ends meanwhile */
	take_traffic_of(&t, 5, "other_u:object_r:web_packet_t:s0:c5", true, 7);
	finish_with(&t, &none, 3500);
	assert_int_equal(t.milliseconds, 2500);
	assert_string_equal(shown(&t.rows), "web_packet_t - 2/2 22 2200 +12 +1200 0 +0;"
					    "- - 1/1 0 0 +0 +0 0 +0;");
	/* what was taken before a new start does not count */
	take_traffic_of(&t, 6, WEB, true, 1);
	traffic_start(&t);
	finish_with(&t, &none, 4000);
	assert_string_equal(shown(&t.rows), "");
	traffic_free(&t);
}

/* The next one tells what came since the last one that worked. */
static void a_reading_that_fails_is_left_out(void **state)
{
	struct traffic t = { .unlabeled = UNLABELED };
	const struct host_sockets none = { .v = NULL };

	(void)state;
	take_traffic_of(&t, 1, WEB, true, 10);
	finish_with(&t, &none, 1000);
	take_traffic_of(&t, 1, WEB, true, 12);
	finish_with(&t, &none, 2000);
	assert_int_equal(t.milliseconds, 1000);
	take_traffic_of(&t, 1, WEB, true, 15);
	traffic_fail(&t);
	assert_string_equal(shown(&t.rows), "");
	assert_true(t.failed);
	assert_int_equal(t.milliseconds, 0);
	take_traffic_of(&t, 1, WEB, true, 17);
	finish_with(&t, &none, 4500);
	assert_false(t.failed);
	assert_int_equal(t.milliseconds, 2500);
	assert_string_equal(shown(&t.rows), "web_packet_t - 1/1 17 1700 +5 +500 0 +0;");
	traffic_free(&t);
}

/* Fewer packets, or fewer bytes, than before: it is a new one. */
static void a_place_in_memory_is_used_again(void **state)
{
	struct traffic t = { .unlabeled = UNLABELED };
	const struct host_sockets none = { .v = NULL };
	static const uint64_t counters[][4] = {
		/* packets, bytes, and those since the reading before */
		{ 10, 1000, 10, 1000 },
		{ 9, 5000, 9, 5000 },
		{ 12, 700, 12, 700 },
		{ 12, 800, 0, 100 },
	};
	struct conntrack_entry e = { .counted = true, .key = { .id = 1, .len = 1 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		e.packets = counters[i][0];
		e.bytes = counters[i][1];
		traffic_take(&t, &e);
		finish_with(&t, &none, 0);
		assert_int_equal(t.rows.v[0].recent_packets, counters[i][2]);
		assert_int_equal(t.rows.v[0].recent_bytes, counters[i][3]);
	}
	traffic_free(&t);
}

/* A question of UDP from one end, and its answer */
static struct conntrack_entry asked(const char *src, uint16_t sport, const char *dst,
				    uint16_t dport)
{
	struct conntrack_entry e = { .key = { .id = 9, .len = 1 } };

	e.orig = (struct conntrack_tuple){ .proto = IPPROTO_UDP,
					   .src = address(src),
					   .dst = address(dst),
					   .sport = sport,
					   .dport = dport };
	e.reply = (struct conntrack_tuple){ .proto = IPPROTO_UDP,
					    .src = address(dst),
					    .dst = address(src),
					    .sport = dport,
					    .dport = sport };
	return e;
}

static void domains_are_those_of_the_sockets(void **state)
{
	struct traffic t = { .unlabeled = UNLABELED };
	struct host_sockets sockets = { .v = NULL };
	const struct conntrack_entry dns = asked("192.0.2.2", 5353, "192.0.2.1", 53);
	struct host_socket waits = { .proto = IPPROTO_UDP,
				     .lport = 53,
				     .inode = 53,
				     .both = true,
				     .local = { .family = AF_INET6 } };

	(void)state;
	/* 40 has a socket that nobody has, 41 none */
	put_socket(&sockets, served(39));
	put_socket(&sockets, served(40));
	put_socket(&sockets, waits);
	take_traffic_of(&t, 39, WEB, true, 1);
	take_traffic_of(&t, 40, WEB, true, 2);
	take_traffic_of(&t, 41, WEB, true, 4);
	traffic_take(&t, &dns);
	finish_with(&t, &sockets, 0);
	assert_string_equal(shown(&t.rows), "web_packet_t httpd_t 1/1 1 100 +1 +100 0 +0;"
					    "web_packet_t - 2/2 6 600 +6 +600 0 +0;"
					    "- named_t 1/0 0 0 +0 +0 0 +0;");
	traffic_free(&t);
	free(sockets.v);
}

/* named_t waits at UDP port 53 of all addresses, httpd_t is connected from 5353 to port 53 of
 * another host. Who sends packets chooses their port, and no domain with that. */
static void a_port_of_others_is_not_that_of_a_socket_here(void **state)
{
	static const struct {
		const char *src;
		uint16_t sport;
		const char *dst;
		uint16_t dport;
		const char *domain;
	} cases[] = {
		{ "192.0.2.9", 5353, "192.0.2.1", 53, "named_t" }, /* asks us */
		{ "192.0.2.1", 53, "192.0.2.9", 53, "named_t" },   /* is asked */
		{ "192.0.2.1", 53, "192.0.2.9", 5353, "named_t" },
		{ "192.0.2.9", 53, "192.0.2.1", 99, "-" }, /* no socket of ours has this port */
		{ "192.0.2.9", 53, "192.0.2.1", 53, "named_t" },
		{ "192.0.2.9", 53, "192.0.2.8", 53, "-" }, /* is forwarded */
		{ "192.0.2.9", 53, "192.0.2.8", 99, "-" },
		{ "192.0.2.9", 99, "192.0.2.8", 53, "-" },
		{ "192.0.2.9", 5353, "224.0.0.251", 53, "named_t" }, /* multicast, broadcast */
		{ "192.0.2.9", 5353, "255.255.255.255", 53, "named_t" },
		{ "192.0.2.1", 5353, "192.0.2.9", 53, "httpd_t" }, /* the connected socket */
		{ "192.0.2.9", 53, "192.0.2.1", 5353, "httpd_t" },
		{ "127.0.0.1", 53, "127.0.0.1", 99, "named_t" },
	};
	struct host_socket waits = { .proto = IPPROTO_UDP,
				     .lport = 53,
				     .inode = 53,
				     .both = true,
				     .local = { .family = AF_INET6 } };
	struct host_socket asks = served(39);
	struct host_sockets sockets = { .v = NULL };
	struct traffic t = { .readings = 0 };
	struct conntrack_entry e;
	char want[64];
	size_t i;

	(void)state;
	asks.proto = IPPROTO_UDP;
	asks.lport = 5353;
	asks.remote = address("192.0.2.9");
	asks.rport = 53;
	put_socket(&sockets, waits);
	put_socket(&sockets, asks);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		e = asked(cases[i].src, cases[i].sport, cases[i].dst, cases[i].dport);
		traffic_take(&t, &e);
		finish_with(&t, &sockets, 0);
		snprintf(want, sizeof(want), "- %s 1/0 0 0 +0 +0 0 +0;", cases[i].domain);
		print_message("%s port %d to %s port %d\n", cases[i].src, cases[i].sport,
			      cases[i].dst, cases[i].dport);
		assert_string_equal(shown(&t.rows), want);
		traffic_free(&t);
	}
	free(sockets.v);
}

static void over_loopback_who_began_counts(void **state)
{
	struct traffic t = { .unlabeled = UNLABELED };
	struct host_sockets sockets = { .v = NULL };
	struct host_socket client = served(53), server = served(39);

	(void)state;
	client.local = server.remote = address("192.0.2.2");
	client.remote = server.local = address("192.0.2.1");
	client.lport = server.rport = 700;
	client.rport = server.lport = 80;
	put_socket(&sockets, server);
	put_socket(&sockets, client);
	take_traffic_of(&t, 700, WEB, false, 0);
	finish_with(&t, &sockets, 0);
	assert_string_equal(shown(&t.rows), "web_packet_t named_t 1/0 0 0 +0 +0 0 +0;");
	traffic_free(&t);
	free(sockets.v);
}

/* Two minutes after its end, TCP still has a connection without a socket. */
static void a_closed_socket_had_a_domain(void **state)
{
	struct traffic t = { .unlabeled = UNLABELED };
	struct host_sockets sockets = { .v = NULL };
	const struct host_sockets none = { .v = NULL };

	(void)state;
	put_socket(&sockets, served(39));
	take_traffic_of(&t, 39, WEB, true, 5);
	finish_with(&t, &sockets, 0);
	take_traffic_of(&t, 39, WEB, true, 7);
	finish_with(&t, &none, 0);
	assert_string_equal(shown(&t.rows), "web_packet_t httpd_t 1/1 7 700 +2 +200 0 +0;");
	take_traffic_of(&t, 39, WEB, true, 7);
	finish_with(&t, &none, 0);
	assert_string_equal(shown(&t.rows), "web_packet_t httpd_t 1/1 7 700 +0 +0 0 +0;");
	/* another connection in the same place */
	take_traffic_of(&t, 39, WEB, true, 1);
	finish_with(&t, &none, 0);
	assert_string_equal(shown(&t.rows), "web_packet_t - 1/1 1 100 +1 +100 0 +0;");
	traffic_free(&t);
	free(sockets.v);
}

static void put_process(const char *pid, const char *context, const char *link);
static void remove_process(const char *pid);

/* A process may get its socket after the kernel has told of it. */
static void a_socket_without_a_process_is_looked_for_again(void **state)
{
	struct socket_labels l = { .v = NULL };
	static const size_t looks[] = { 1, 2, 2, 3, 3, 3, 3, 4 };
	uint32_t inodes[] = { 77, 39, 77 };
	size_t i, before;

	(void)state;
	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		socket_labels_read(&l, proc, inodes, 3);
		assert_int_equal(l.looks, looks[i]);
		assert_int_equal(l.n, 2);
		assert_string_equal(socket_labels_find(&l, 39), "system_u:system_r:httpd_t:s0");
		assert_null(socket_labels_find(&l, 77));
	}
	for (i = 0; i < 200; i++)
		socket_labels_read(&l, proc, inodes, 3);
	before = l.looks;
	for (i = 0; i < 10 * SOCKET_LABELS_REST; i++)
		socket_labels_read(&l, proc, inodes, 3);
	assert_int_equal(l.looks, before + 10);
	/* one that is new has all looked for */
	put_process("12", "system_u:system_r:late_t:s0", "socket:[77]");
	inodes[0] = 53;
	socket_labels_read(&l, proc, inodes, 3);
	assert_string_equal(socket_labels_find(&l, 77), "system_u:system_r:late_t:s0");
	/* what is known is not looked for */
	remove_process("12");
	before = l.looks;
	for (i = 0; i < 2 * SOCKET_LABELS_REST; i++)
		socket_labels_read(&l, proc, inodes, 3);
	assert_int_equal(l.looks, before);
	assert_string_equal(socket_labels_find(&l, 77), "system_u:system_r:late_t:s0");
	socket_labels_free(&l);
}

static void denials_have_rows(void **state)
{
	struct traffic t = { .unlabeled = UNLABELED };
	const struct host_sockets none = { .v = NULL };
	struct denial_counts c = { .v = NULL };
	const struct denial web = {
		.class = "packet", .source = CONTEXT("httpd_t"), .target = WEB, .count = 2
	};
	const struct denial unlabeled = {
		.class = "packet", .source = CONTEXT("httpd_t"), .target = UNLABELED, .count = 1
	};

	(void)state;
	denial_counts_add(&c, &web);
	denial_counts_pause(&c);
	denial_counts_add(&c, &web);
	denial_counts_add(&c, &unlabeled);
	take_traffic_of(&t, 1, WEB, true, 1);
	finish_with(&t, &none, 0);
	traffic_add_denials(&t.rows, &c, UNLABELED);
	assert_string_equal(shown(&t.rows), "web_packet_t httpd_t 0/0 0 0 +0 +0 4 +2;"
					    "web_packet_t - 1/1 1 100 +1 +100 0 +0;"
					    "- httpd_t 0/0 0 0 +0 +0 1 +1;");
	denial_counts_free(&c);
	traffic_free(&t);
}

static void names_of_labels_differ(void **state)
{
	struct traffic_row none = { .label = NULL }, type = { .label = (char *)"unlabeled" },
			   web = { .label = (char *)"web_packet_t" };

	(void)state;
	assert_string_equal(traffic_row_label(&none), "unlabeled");
	assert_string_equal(traffic_row_label(&type), "type unlabeled");
	assert_string_equal(traffic_row_label(&web), "web_packet_t");
}

/* The labels of the rows, in their order */
static const char *order_of(struct traffic_rows *rows, enum traffic_key key, bool reverse)
{
	static char text[64];
	size_t i, n = 0;

	traffic_rows_sort(rows, key, reverse);
	for (i = 0; i < rows->n; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s",
			      rows->v[i].label ? rows->v[i].label : "-");
	return text;
}

static void rows_are_sorted(void **state)
{
	struct traffic_rows rows = { .v = NULL };
	struct traffic_row total, *row;

	(void)state;
	row = traffic_rows_get(&rows, "b", "z");
	row->connections = 1;
	row->packets = 4;
	row->bytes = 5;
	row->recent_packets = 3;
	row->recent_bytes = 9;
	row->denials = 2;
	traffic_rows_get(&rows, NULL, "y")->connections = 2;
	traffic_rows_get(&rows, "a", NULL)->recent_denials = 1;
	assert_string_equal(order_of(&rows, TRAFFIC_LABEL, false), "ab-");
	assert_string_equal(order_of(&rows, TRAFFIC_LABEL, true), "-ba");
	assert_string_equal(order_of(&rows, TRAFFIC_DOMAIN, false), "-ba");
	assert_string_equal(order_of(&rows, TRAFFIC_DOMAIN, true), "ab-");
	assert_string_equal(order_of(&rows, TRAFFIC_CONNECTIONS, false), "-ba");
	assert_string_equal(order_of(&rows, TRAFFIC_CONNECTIONS, true), "ab-");
	/* those that are equal are in the order of labels, whatever their order was */
	traffic_rows_sort(&rows, TRAFFIC_LABEL, true);
	assert_string_equal(order_of(&rows, TRAFFIC_PACKETS, false), "ba-");
	assert_string_equal(order_of(&rows, TRAFFIC_PACKETS, true), "a-b");
	assert_string_equal(order_of(&rows, TRAFFIC_BYTES, false), "ba-");
	assert_string_equal(order_of(&rows, TRAFFIC_DENIALS, false), "ab-");
	assert_string_equal(order_of(&rows, TRAFFIC_DENIALS, true), "b-a");
	total = traffic_rows_total(&rows);
	assert_int_equal(total.connections, 3);
	assert_int_equal(total.packets, 4);
	assert_int_equal(total.bytes, 5);
	assert_int_equal(total.recent_packets, 3);
	assert_int_equal(total.recent_bytes, 9);
	assert_int_equal(total.denials, 2);
	assert_int_equal(total.recent_denials, 1);
	traffic_rows_free(&rows);
}

#define MANY 10000

static void take_many(struct traffic *t, const struct host_sockets *sockets)
{
	unsigned int i;

	for (i = 1; i <= MANY; i++)
		take_traffic_of(t, i, i % 7 ? WEB : CONTEXT("other_packet_t"), true, i);
	finish_with(t, sockets, 0);
}

/* An update has 100 ms of processor time, for this and for what the kernel does. */
static void ten_thousand_connections_are_cheap(void **state)
{
	const char *sanitized = getenv("SANITIZED");
	struct traffic t = { .unlabeled = UNLABELED };
	struct host_sockets sockets = { .v = NULL };
	double begun, ms;
	unsigned int i;

	(void)state;
	for (i = 1; i <= MANY; i++)
		put_socket(&sockets, served(i));
	take_many(&t, &sockets);
	take_many(&t, &sockets);
	assert_int_equal(t.labels.looks, 2);
	assert_int_equal(t.labels.n, MANY);
	begun = cpu_clock_ms();
	take_many(&t, &sockets);
	ms = cpu_clock_ms() - begun;
	print_message("%d connections: %.0f ms\n", MANY, ms);
	if (ms > (sanitized && *sanitized ? 2000 : 50))
		fail_msg("%.0f ms", ms);
	/* nearly none has a process, and that was looked for a moment ago */
	assert_int_equal(t.labels.looks, 2);
	assert_int_equal(traffic_rows_total(&t.rows).connections, MANY);
	sockets.n--;
	take_many(&t, &sockets);
	assert_int_equal(t.labels.n, MANY - 1);
	traffic_free(&t);
	free(sockets.v);
}

static void put_traffic_file(const char *name, const char *text)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", proc, name);
	out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* A process with a socket */
static void put_process(const char *pid, const char *context, const char *link)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", proc, pid);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/%s/attr", proc, pid);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/attr/current", pid);
	put_traffic_file(path, context);
	snprintf(path, sizeof(path), "%s/%s/fd", proc, pid);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/%s/fd/3", proc, pid);
	assert_int_equal(symlink(link, path), 0);
}

static void remove_process(const char *pid)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s/%s", proc, pid);
	assert_int_equal(system(command), 0);
}

static int make_traffic_proc(void **state)
{
	(void)state;
	snprintf(proc, sizeof(proc), "/tmp/test_traffic.XXXXXX");
	if (!mkdtemp(proc))
		return -1;
	put_process("10", "system_u:system_r:httpd_t:s0", "socket:[39]");
	put_process("11", "system_u:system_r:named_t:s0", "socket:[53]");
	return 0;
}

static int remove_traffic_proc(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", proc);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_differences),
		cmocka_unit_test(a_reading_that_fails_is_left_out),
		cmocka_unit_test(a_place_in_memory_is_used_again),
		cmocka_unit_test(domains_are_those_of_the_sockets),
		cmocka_unit_test(a_port_of_others_is_not_that_of_a_socket_here),
		cmocka_unit_test(over_loopback_who_began_counts),
		cmocka_unit_test(a_closed_socket_had_a_domain),
		cmocka_unit_test(a_socket_without_a_process_is_looked_for_again),
		cmocka_unit_test(denials_have_rows),
		cmocka_unit_test(names_of_labels_differ),
		cmocka_unit_test(rows_are_sorted),
		cmocka_unit_test(ten_thousand_connections_are_cheap),
	};

	return cmocka_run_group_tests(tests, make_traffic_proc, remove_traffic_proc);
}
