// SPDX-License-Identifier: GPL-2.0-only
/* Reads connections from messages of ctnetlink, counts them by label, and finds the label that a
 * plan has for each. */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "advise/unlabeled_flows.h"
#include "base/err.h"
#include "host/connection_counts.h"
#include "host/conntrack.h"
#include "host/local_addresses.h"
#include "host/netlink.h"
#include "plan/plan.h"
#include "util/diag.h"

#define UNLABELED "system_u:object_r:unlabeled_t:s0"
#define WEB "system_u:object_r:web_server_packet_t:s0"
#define MAIL "system_u:object_r:mail_packet_t:s0"

#define TCP IPPROTO_TCP
#define UDP IPPROTO_UDP

/* A message as the kernel writes it: ctnetlink_fill_info(), net/netfilter/nf_conntrack_netlink.c */
struct said {
	char buf[1024];
	struct nlmsghdr *nlh;
};

static void said_start(struct said *s)
{
	struct nfgenmsg *nfg;

	memset(s->buf, 0, sizeof(s->buf));
	s->nlh = mnl_nlmsg_put_header(s->buf);
	nfg = mnl_nlmsg_put_extra_header(s->nlh, sizeof(*nfg));
	nfg->nfgen_family = AF_INET;
}

static void conntrack_put_ports(struct said *s, uint16_t sport, uint16_t dport)
{
	mnl_attr_put_u16(s->nlh, CTA_PROTO_SRC_PORT, htons(sport));
	mnl_attr_put_u16(s->nlh, CTA_PROTO_DST_PORT, htons(dport));
}

static void put_tuple4(struct said *s, int type, const char *src, const char *dst, uint8_t proto,
		       uint16_t sport, uint16_t dport)
{
	struct nlattr *tuple = mnl_attr_nest_start(s->nlh, type), *part;

	part = mnl_attr_nest_start(s->nlh, CTA_TUPLE_IP);
	mnl_attr_put_u32(s->nlh, CTA_IP_V4_SRC, inet_addr(src));
	mnl_attr_put_u32(s->nlh, CTA_IP_V4_DST, inet_addr(dst));
	mnl_attr_nest_end(s->nlh, part);
	part = mnl_attr_nest_start(s->nlh, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(s->nlh, CTA_PROTO_NUM, proto);
	conntrack_put_ports(s, sport, dport);
	mnl_attr_nest_end(s->nlh, part);
	mnl_attr_nest_end(s->nlh, tuple);
}

static void put_counters(struct said *s, int type, uint64_t packets, uint64_t bytes)
{
	struct nlattr *nest = mnl_attr_nest_start(s->nlh, type);

	mnl_attr_put_u64(s->nlh, CTA_COUNTERS_PACKETS, htobe64(packets));
	mnl_attr_put_u64(s->nlh, CTA_COUNTERS_BYTES, htobe64(bytes));
	mnl_attr_nest_end(s->nlh, nest);
}

static void put_secctx(struct said *s, const char *context)
{
	struct nlattr *nest = mnl_attr_nest_start(s->nlh, CTA_SECCTX);

	mnl_attr_put_strz(s->nlh, CTA_SECCTX_NAME, context);
	mnl_attr_nest_end(s->nlh, nest);
}

static void assert_address(const struct net *net, const char *text)
{
	char have[NET_STRLEN];

	assert_string_equal(net_format(net, have), text);
}

static void all_of_an_entry_is_read(void **state)
{
	struct conntrack_entry e;
	struct said s;

	(void)state;
	said_start(&s);
	put_tuple4(&s, CTA_TUPLE_ORIG | NLA_F_NESTED, "192.0.2.9", "192.0.2.1", TCP, 40000, 80);
	put_tuple4(&s, CTA_TUPLE_REPLY | NLA_F_NESTED, "10.0.0.1", "192.0.2.9", TCP, 8080, 40000);
	mnl_attr_put_u32(s.nlh, CTA_STATUS, htonl(IPS_SEEN_REPLY | IPS_DST_NAT));
	put_counters(&s, CTA_COUNTERS_ORIG | NLA_F_NESTED, 3, 5000000000);
	put_counters(&s, CTA_COUNTERS_REPLY | NLA_F_NESTED, 4, 70);
	put_secctx(&s, WEB);
	mnl_attr_put_u32(s.nlh, CTA_ID, htonl(77));
	mnl_attr_put_u16(s.nlh, CTA_ZONE, htons(5));
	assert_int_equal(conntrack_parse(s.nlh, &e), 0);
	assert_int_equal(e.orig.proto, TCP);
	assert_address(&e.orig.src, "192.0.2.9");
	assert_address(&e.orig.dst, "192.0.2.1");
	assert_int_equal(e.orig.sport, 40000);
	assert_int_equal(e.orig.dport, 80);
	assert_address(&e.reply.src, "10.0.0.1");
	assert_int_equal(e.reply.sport, 8080);
	assert_int_equal(e.status, IPS_SEEN_REPLY | IPS_DST_NAT);
	assert_true(e.counted);
	assert_int_equal(e.packets, 7);
	assert_int_equal(e.bytes, 5000000070);
	assert_string_equal(e.secctx, WEB);
	assert_int_equal(e.key.family, AF_INET);
	assert_int_equal(e.key.id, htonl(77));
	assert_int_equal(e.key.zone, 5);
	assert_true(conntrack_labeled(&e, UNLABELED));
	assert_true(conntrack_labeled(&e, NULL));
	assert_false(conntrack_labeled(&e, WEB));
}

static void an_entry_of_ipv6_without_ports_counters_and_label_is_one(void **state)
{
	struct in6_addr src, dst;
	struct nlattr *tuple, *part;
	struct conntrack_entry e;
	struct said s;
	int i;

	(void)state;
	inet_pton(AF_INET6, "fd00::1", &src);
	inet_pton(AF_INET6, "fd00::2", &dst);
	said_start(&s);
	for (i = 0; i < 2; i++) {
		tuple = mnl_attr_nest_start(s.nlh, i ? CTA_TUPLE_REPLY : CTA_TUPLE_ORIG);
		part = mnl_attr_nest_start(s.nlh, CTA_TUPLE_IP);
		mnl_attr_put(s.nlh, CTA_IP_V6_SRC, sizeof(src), i ? &dst : &src);
		mnl_attr_put(s.nlh, CTA_IP_V6_DST, sizeof(dst), i ? &src : &dst);
		mnl_attr_nest_end(s.nlh, part);
		part = mnl_attr_nest_start(s.nlh, CTA_TUPLE_PROTO);
		mnl_attr_put_u8(s.nlh, CTA_PROTO_NUM, IPPROTO_ICMPV6);
		mnl_attr_put_u16(s.nlh, CTA_PROTO_ICMPV6_ID, htons(9));
		mnl_attr_put_u8(s.nlh, CTA_PROTO_ICMPV6_TYPE, 128);
		mnl_attr_put_u8(s.nlh, CTA_PROTO_ICMPV6_CODE, 0);
		mnl_attr_nest_end(s.nlh, part);
		mnl_attr_nest_end(s.nlh, tuple);
	}
	assert_int_equal(conntrack_parse(s.nlh, &e), 0);
	assert_int_equal(e.key.family, AF_INET6);
	assert_address(&e.orig.src, "fd00::1");
	assert_address(&e.orig.dst, "fd00::2");
	assert_int_equal(e.orig.sport, 0);
	assert_int_equal(e.orig.dport, 0);
	assert_false(e.counted);
	assert_null(e.secctx);
	assert_false(conntrack_labeled(&e, UNLABELED));
	assert_false(conntrack_labeled(&e, NULL));
}

static void what_is_cut_short_is_no_entry(void **state)
{
	struct conntrack_entry e;
	struct said s;
	uint32_t len;

	(void)state;
	said_start(&s);
	put_tuple4(&s, CTA_TUPLE_ORIG | NLA_F_NESTED, "192.0.2.9", "192.0.2.1", TCP, 40000, 80);
	put_tuple4(&s, CTA_TUPLE_REPLY | NLA_F_NESTED, "10.0.0.1", "192.0.2.9", TCP, 8080, 40000);
	assert_int_equal(conntrack_parse(s.nlh, &e), 0);
	/* they end at multiples of 4 */
	for (len = s.nlh->nlmsg_len - 4; len >= NLMSG_HDRLEN; len -= 4) {
		s.nlh->nlmsg_len = len;
		assert_int_equal(conntrack_parse(s.nlh, &e), -EINVAL);
	}
}

static void connections_are_summed_up_by_label(void **state)
{
	struct conntrack_entry e = { .secctx = WEB, .counted = true, .packets = 2, .bytes = 100 };
	struct connection_counts u = { 0 };

	(void)state;
	connection_counts_add(&u, &e, UNLABELED);
	connection_counts_add(&u, &e, UNLABELED);
	e.counted = false;
	e.packets = e.bytes = 0;
	connection_counts_add(&u, &e, UNLABELED);
	e.secctx = UNLABELED;
	connection_counts_add(&u, &e, UNLABELED);
	e.secctx = NULL;
	connection_counts_add(&u, &e, UNLABELED);
	connection_counts_get(&u, WEB)->planned = true;
	connection_counts_get(&u, MAIL);
	/* sorted; without a label comes last */
	assert_int_equal(u.n, 3);
	assert_string_equal(u.v[0].context, MAIL);
	assert_int_equal(u.v[0].connections, 0);
	assert_false(u.v[0].planned);
	assert_true(u.v[1].planned);
	assert_string_equal(u.v[1].context, WEB);
	assert_int_equal(u.v[1].connections, 3);
	assert_int_equal(u.v[1].counted, 2);
	assert_int_equal(u.v[1].packets, 4);
	assert_int_equal(u.v[1].bytes, 200);
	assert_null(u.v[2].context);
	assert_int_equal(u.v[2].connections, 2);
	assert_int_equal(u.v[2].counted, 0);
	connection_counts_free(&u);
}

/* A connection, and the label that a plan has for it. If reply is NULL, nothing is translated. */
struct flow_case {
	uint8_t proto;
	const char *src, *dst;
	uint16_t sport, dport;
	const char *reply_src;
	uint16_t reply_sport;
	enum flow_dir dir;
	const char *type; /* "none": the plan has no label for it */
	bool sure;
};

static struct net conntrack_address(const char *text)
{
	struct net net;
	struct err err;

	assert_int_equal(net_parse(text, &net, &err), 0);
	return net;
}

static struct conntrack_entry entry_of(const struct flow_case *c)
{
	return (struct conntrack_entry){
		.orig = { c->proto, conntrack_address(c->src), conntrack_address(c->dst), c->sport,
			  c->dport },
		.reply = { c->proto, conntrack_address(c->reply_src ? c->reply_src : c->dst),
			   conntrack_address(c->src), c->reply_src ? c->reply_sport : c->dport,
			   c->sport },
		.status = c->reply_src ? IPS_DST_NAT : 0,
		.secctx = UNLABELED,
	};
}

static void conntrack_judge(const char *text, const struct flow_case *cases, size_t n)
{
	static const char *const own[] = { "127.0.0.0/8", "192.0.2.1", "::1", "fd00::1" };
	struct local_addresses local = { 0 };
	struct diag diag = { 0 };
	struct conntrack_entry e;
	struct unlabeled_flow old;
	struct plan plan;
	struct net net;
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		net = conntrack_address(own[i]);
		local_addresses_add(&local, true, &net);
	}
	net = conntrack_address("192.0.2.255");
	local_addresses_add(&local, false, &net);
	assert_int_equal(plan_parse("test", text, strlen(text), &plan, &diag), 0);
	for (i = 0; i < n; i++) {
		e = entry_of(&cases[i]);
		unlabeled_flow_judge(&plan, &local, UNLABELED, &e, &old);
		if (strcmp(old.line ? old.line->label.text : "none", cases[i].type))
			fail_msg("case %zu: %s in place of %s", i,
				 old.line ? old.line->text : "none", cases[i].type);
		if (!old.line)
			continue;
		assert_int_equal(old.flow.dir, cases[i].dir);
		assert_int_equal(old.sure, cases[i].sure);
		if (!proto_has_ports(cases[i].proto))
			assert_int_equal(old.flow.sport + old.flow.dport, 0);
		assert_int_equal(old.translated, cases[i].reply_src != NULL);
		/* a connection with a label is not one of them */
		e.secctx = WEB;
		assert_false(unlabeled_flow_judge(&plan, &local, UNLABELED, &e, &old));
	}
	plan_free(&plan);
	diag_free(&diag);
	local_addresses_free(&local);
}

#define JUDGE(text, cases) conntrack_judge(text, cases, sizeof(cases) / sizeof((cases)[0]))

static void addresses_tell_who_began_and_which_side_labels(void **state)
{
	static const struct flow_case cases[] = {
		{ TCP, "198.51.100.7", "192.0.2.1", 40000, 80, NULL, 0, FLOW_IN, "in_t", true },
		{ TCP, "192.0.2.1", "198.51.100.7", 40000, 80, NULL, 0, FLOW_OUT, "out_t", true },
		{ TCP, "fd99::1", "fd00::1", 40000, 80, NULL, 0, FLOW_IN, "in_t", true },
		{ TCP, "fd00::1", "fd99::1", 40000, 80, NULL, 0, FLOW_OUT, "out_t", true },
		/* forwarded: neither end is ours, and the plan has no line for it */
		{ TCP, "198.51.100.7", "198.51.100.8", 40000, 80, NULL, 0, FLOW_FORWARD, "none",
		  false },
		/* a connection over loopback keeps the client's label */
		{ TCP, "192.0.2.1", "192.0.2.1", 40000, 80, NULL, 0, FLOW_OUT, "lo_t", true },
		{ TCP, "127.0.0.1", "127.0.0.2", 40000, 80, NULL, 0, FLOW_OUT, "lo_t", true },
		{ TCP, "192.0.2.1", "127.0.0.2", 40000, 81, NULL, 0, FLOW_OUT, "none", false },
		/* perhaps only an answer was seen: the local port is the server's */
		{ TCP, "192.0.2.1", "198.51.100.7", 80, 40000, NULL, 0, FLOW_OUT, "in_t", true },
		{ UDP, "192.0.2.1", "198.51.100.7", 67, 40000, NULL, 0, FLOW_OUT, "none", false },
		/* to us, and to others */
		{ UDP, "198.51.100.7", "192.0.2.255", 40000, 67, NULL, 0, FLOW_IN, "cast_t", true },
		{ UDP, "198.51.100.7", "255.255.255.255", 40000, 67, NULL, 0, FLOW_IN, "cast_t",
		  true },
		{ UDP, "198.51.100.7", "224.0.0.251", 40000, 67, NULL, 0, FLOW_IN, "cast_t", true },
		{ UDP, "fe80::7", "ff02::fb", 40000, 67, NULL, 0, FLOW_IN, "cast_t", true },
		{ UDP, "192.0.2.1", "192.0.2.255", 40000, 67, NULL, 0, FLOW_OUT, "none", false },
		/* the interface is not known */
		{ UDP, "198.51.100.7", "192.0.2.1", 40000, 53, NULL, 0, FLOW_IN, "dns_t", false },
		/* but it is not lo */
		{ UDP, "198.51.100.7", "192.0.2.1", 40000, 54, NULL, 0, FLOW_IN, "not_lo_t", true },
		/* conntrack's fields for ports hold something else */
		{ IPPROTO_GRE, "198.51.100.99", "192.0.2.1", 40000, 67, NULL, 0, FLOW_IN, "any_t",
		  true },
	};

	(void)state;
	JUDGE("server in_t tcp 80\n"
	      "client lo_t tcp 80 on lo\n"
	      "client out_t tcp 80\n"
	      "server lo_server_t tcp 81\n"
	      "server cast_t udp 67\n"
	      "server dns_t udp 53 on eth0\n"
	      "server not_lo_t udp 54 on !lo\n"
	      "server any_t any from 198.51.100.99\n",
	      cases);
}

/* 192.0.2.1:80 is translated to a port of ours, or to another machine's. */
static void of_what_is_translated_the_rules_see_one_part_or_the_other(void **state)
{
	static const struct flow_case security[] = {
		{ TCP, "198.51.100.7", "192.0.2.1", 40000, 80, "192.0.2.1", 8080, FLOW_IN, "b_t",
		  true },
		{ TCP, "192.0.2.1", "198.51.100.7", 40000, 80, "198.51.100.8", 8080, FLOW_OUT,
		  "d_t", true },
		{ TCP, "192.0.2.1", "198.51.100.7", 40000, 80, "192.0.2.1", 8080, FLOW_OUT, "e_t",
		  true },
	};
	static const struct flow_case mangle[] = {
		{ TCP, "198.51.100.7", "192.0.2.1", 40000, 80, "192.0.2.1", 8080, FLOW_IN, "b_t",
		  true },
		{ TCP, "192.0.2.1", "198.51.100.7", 40000, 80, "198.51.100.8", 8080, FLOW_OUT,
		  "c_t", true },
		/* PREROUTING runs before the translation, and tests whether the packet is for us */
		{ TCP, "198.51.100.7", "192.0.2.1", 40000, 80, "10.0.0.8", 8080, FLOW_FORWARD,
		  "none", false },
		{ TCP, "198.51.100.7", "198.51.100.8", 40000, 80, "10.0.0.8", 8080, FLOW_FORWARD,
		  "f_t", true },
	};

	(void)state;
	JUDGE("server a_t tcp 80\n"
	      "server b_t tcp 8080\n"
	      "client c_t tcp 80\n"
	      "client e_t tcp 8080 on lo\n"
	      "client d_t tcp 8080\n",
	      security);
	JUDGE("server a_t tcp 80\n"
	      "server b_t tcp 8080\n"
	      "client c_t tcp 80\n"
	      "client d_t tcp 8080\n"
	      "forward f_t tcp 80\n"
	      "forward g_t tcp 8080\n",
	      mangle);
	conntrack_judge("table mangle\n"
			"server b_t tcp 8080\n"
			"client c_t tcp 80\n"
			"client d_t tcp 8080\n",
			mangle, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_an_entry_is_read),
		cmocka_unit_test(an_entry_of_ipv6_without_ports_counters_and_label_is_one),
		cmocka_unit_test(what_is_cut_short_is_no_entry),
		cmocka_unit_test(connections_are_summed_up_by_label),
		cmocka_unit_test(addresses_tell_who_began_and_which_side_labels),
		cmocka_unit_test(of_what_is_translated_the_rules_see_one_part_or_the_other),
	};

	return cmocka_run_group_tests_name("conntrack", tests, NULL, NULL);
}
