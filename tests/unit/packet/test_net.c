// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "packet/net.h"

static struct net parsed_net(const char *text)
{
	struct net n;
	struct err err;

	assert_int_equal(net_parse(text, &n, &err), 0);
	return n;
}

static void a_network_is_printed_as_it_is_read(void **state)
{
	static const char *const texts[][2] = {
		{ "10.0.0.0/8", "10.0.0.0/8" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.1/32", "192.0.2.1" },
		{ "0.0.0.0/0", "0.0.0.0/0" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "::/0", "::/0" },
		{ "::", "::" },
		{ "FD00:0:0::/8", "fd00::/8" },
		{ "2001:db8::1/128", "2001:db8::1" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", "ffff:ffff:ffff:ffff:ffff:ffff:"
								 "ffff:fffe/127" },
		{ "::ffff:255.255.255.254/127", "::ffff:255.255.255.254/127" },
	};
	char out[NET_STRLEN];
	struct net n;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		n = parsed_net(texts[i][0]);
		assert_string_equal(net_format(&n, out), texts[i][1]);
	}
}

static void what_is_no_network_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"/",
		"/8",
		"10",
		"10.0.0",
		"10.0.0.0.0",
		"256.0.0.0",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/+8",
		"10.0.0.0/ 8",
		"10.0.0.0/8 ",
		"10.0.0.0/08",
		"10.0.0.0/8/8",
		"10.0.0.0/4294967304",
		"0x0a.0.0.0",
		"010.0.0.0",
		"fd00::/129",
		"fd00:::",
		":",
		"fe80::1%eth0",
		"localhost",
		"g::",
	};
	struct net n;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(net_parse(texts[i], &n, &err), -EINVAL);
}

static void host_bits_are_an_error_that_names_the_network(void **state)
{
	struct net n;
	struct err err;

	(void)state;
	assert_int_equal(net_parse("10.1.2.3/9", &n, &err), -EINVAL);
	assert_string_equal(err.what, "bits after the prefix are set");
	assert_string_equal(err.hint, "write the network as 10.0.0.0/9, the address as 10.1.2.3");
	assert_int_equal(net_parse("fd00::1/127", &n, &err), -EINVAL);
	assert_string_equal(err.hint, "write the network as fd00::/127, the address as fd00::1");
}

static void a_network_contains_itself_and_what_is_longer(void **state)
{
	static const struct {
		const char *a, *b;
		bool contains;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.255.255", true },
		{ "10.0.0.0/8", "11.0.0.0", false },
		{ "10.0.0.0/8", "10.0.0.0/8", true },
		{ "10.0.0.0/9", "10.0.0.0/8", false },
		{ "10.0.0.0/9", "10.128.0.0", false },
		{ "10.128.0.0/9", "10.128.0.1", true },
		{ "0.0.0.0/0", "255.255.255.255", true },
		{ "0.0.0.0/0", "::", false },
		{ "::/0", "0.0.0.0", false },
		{ "::/0", "fd00::/8", true },
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.0", false },
		{ "fd00::/127", "fd00::1", true },
		{ "fd00::/127", "fd00::2", false },
	};
	struct net a, b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		a = parsed_net(cases[i].a);
		b = parsed_net(cases[i].b);
		if (net_contains(&a, &b) != cases[i].contains)
			fail_msg("%s %s", cases[i].a, cases[i].b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_network_is_printed_as_it_is_read),
		cmocka_unit_test(what_is_no_network_is_refused),
		cmocka_unit_test(host_bits_are_an_error_that_names_the_network),
		cmocka_unit_test(a_network_contains_itself_and_what_is_longer),
	};

	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
