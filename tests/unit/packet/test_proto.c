// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <netinet/in.h>

#include "packet/iface.h"
#include "packet/proto.h"

/* what a plan prints, it reads as the same protocol; the others cannot be named */
static void test_every_number_has_a_name(void **state)
{
	unsigned int number;

	(void)state;
	for (number = 0; number <= UINT8_MAX; number++) {
		const struct proto *p = proto_find(proto_name(number));

		assert_int_equal(proto_get(number)->number, number);
		if (number && proto_is_hidden(number))
			assert_null(p);
		else
			assert_ptr_equal(p, proto_get(number));
	}
}

/* support/services.c has these names */
static void test_names(void **state)
{
	static const struct {
		const char *name;
		int plan, iptables; /* -1: none */
	} cases[] = {
		{ "tcp", 6, 6 },
		{ "TCP", -1, -1 },
		{ "any", 0, -1 },
		{ "all", -1, 0 },
		{ "icmpv6", 58, 58 },
		{ "ipv6-icmp", -1, 58 },
		{ "icmp6", -1, 58 },
		/* the tunnels of Linux; iptables has the names of protocols(5) */
		{ "ipip", 4, 94 },
		{ "ipencap", 4, 4 },
		{ "eigrp", 88, 88 },
		{ "esp", 50, 50 },
		{ "mh", -1, 135 },
		/* a name of iptables 1.8.11, also where protocols(5) lacks it */
		{ "ipcomp", -1, 108 },
		{ "50", -1, 50 },
		{ "0", -1, 0 },
		{ "proto-50", 50, -1 },
		{ "proto-6", 6, -1 },
		{ "proto-1", 1, -1 },
		{ "proto-255", 255, -1 },
		{ "proto-256", -1, -1 },
		{ "proto-050", -1, -1 },
		{ "proto-", -1, -1 },
		{ "proto-0", -1, -1 },
		{ "ip", -1, 0 },
		/* extension headers of IPv6 */
		{ "proto-43", -1, -1 },
		{ "proto-44", -1, -1 },
		{ "proto-60", -1, -1 },
		{ "ipv6-frag", -1, 44 },
		{ "mptcp", -1, -1 },
		{ "nonsense", -1, -1 },
		{ "", -1, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct proto *p = proto_find(cases[i].name);

		print_message("%s\n", cases[i].name);
		assert_int_equal(p ? p->number : -1, cases[i].plan);
		assert_int_equal(proto_of_iptables(cases[i].name), cases[i].iptables);
	}
}

static void test_families_and_ports(void **state)
{
	(void)state;
	assert_int_equal(proto_get(IPPROTO_IGMP)->family, AF_INET);
	assert_int_equal(proto_get(IPPROTO_AH)->family, AF_INET);
	assert_int_equal(proto_get(IPPROTO_ICMPV6)->family, AF_INET6);
	assert_int_equal(proto_get(IPPROTO_ESP)->family, AF_UNSPEC);
	assert_int_equal(proto_get(200)->family, AF_UNSPEC);
	assert_true(proto_has_ports(IPPROTO_UDPLITE));
	assert_false(proto_has_ports(IPPROTO_GRE));
	assert_false(proto_has_ports(200));
}

/* rules ask for each once: first those with ports, last "any" */
static void test_order(void **state)
{
	bool seen[256] = { false };
	unsigned int i;

	(void)state;
	for (i = 0; i < 256; i++) {
		assert_false(seen[proto_in_order(i)]);
		seen[proto_in_order(i)] = true;
	}
	assert_int_equal(proto_in_order(0), IPPROTO_TCP);
	assert_int_equal(proto_in_order(1), IPPROTO_UDP);
	assert_int_equal(proto_in_order(255), 0);
}

/* "!", ":" and "/" are for the plan to refuse */
static void test_interfaces_that_can_be_named(void **state)
{
	unsigned int c;

	(void)state;
	for (c = 0x21; c < 0x7f; c++) {
		const char names[3][4] = { { 'a', c, 'b' }, { c, 'b' }, { 'a', c } };
		size_t i;

		for (i = 0; i < 3; i++)
			assert_int_equal(iface_can_be_named(names[i]), !strchr("\"*\\", c));
	}
	for (c = 1; c < 0x20; c++) {
		const char name[] = { 'a', c, 'b', '\0' };

		assert_false(iface_can_be_named(name));
	}
	/* DEL, and U+0080 to U+009F */
	assert_false(iface_can_be_named("a\x7f"));
	assert_false(iface_can_be_named("\xc2\x80"));
	assert_false(iface_can_be_named("a\xc2\x9bx"));
	assert_false(iface_can_be_named("\xc2\x9f"));
	assert_true(iface_can_be_named("\xc2\xa0"));
	assert_true(iface_can_be_named("caf\xc3\xa9"));
	assert_false(iface_can_be_named("caf\xe9"));
	assert_false(iface_can_be_named("\xc3"));
	assert_false(iface_can_be_named("a\xed\xa0\x80"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_number_has_a_name),      cmocka_unit_test(test_names),
		cmocka_unit_test(test_families_and_ports),           cmocka_unit_test(test_order),
		cmocka_unit_test(test_interfaces_that_can_be_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
