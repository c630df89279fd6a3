// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dump/count_rules.h"

static void rules_of_iptables_are_counted(void **state)
{
	static const char *const rules[][2] = {
		{ "INPUT", "SECMARK2-IN" },  { "INPUT", "SECMARK" },
		{ "INPUT", "CONNSECMARK" },  { "SECMARK2-IN", "SECMARK2" },
		{ "INPUT", "ACCEPT" },       { "SECMARK2-IN", "CONNSECMARK" },
		{ "SECMARK2-IN", "RETURN" }, { "SECMARK2-IN", "CONNSECMARK2" },
	};
	struct rule_counts n = { 0, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		count_rules_one(rules[i][0], rules[i][1], &n);
	assert_int_equal(n.ours, 3);
	assert_int_equal(n.others, 2);
}

static void rules_and_objects_of_nft_are_counted(void **state)
{
	static const char text[] = "{\"nftables\":[{\"metainfo\":{}},"
				   "{\"secmark\":{\"family\":\"inet\",\"table\":\"secmark2\","
				   "\"name\":\"a\",\"context\":\"c\"}},"
				   "{\"secmark\":{\"family\":\"ip\",\"table\":\"secmark2\","
				   "\"name\":\"a\",\"context\":\"c\"}},"
				   "{\"rule\":{\"family\":\"inet\",\"table\":\"secmark2\",\"expr\":"
				   "[{\"counter\":null},"
				   "{\"mangle\":{\"key\":{\"meta\":{\"key\":\"secmark\"}},"
				   "\"value\":\"a\"}},"
				   "{\"mangle\":{\"key\":{\"ct\":{\"key\":\"secmark\"}},\"value\":{"
				   "\"meta\":{\"key\":\"secmark\"}}}}]}},"
				   "{\"rule\":{\"family\":\"inet\",\"table\":\"x\",\"expr\":[{"
				   "\"mangle\":{\"key\":{\"ct\":{\"key\":\"secmark\"}}}}]}},"
				   "{\"rule\":{\"family\":\"inet\",\"table\":\"x\",\"expr\":[{"
				   "\"mangle\":{\"key\":{\"meta\":{\"key\":\"mark\"}}}},"
				   "{\"match\":{\"left\":{\"meta\":{\"key\":\"secmark\"}}}}]}}]}";
	struct rule_counts n = { 0, 0 };

	(void)state;
	assert_int_equal(count_rules_nft(text, strlen(text), &n), 0);
	assert_int_equal(n.ours, 2);
	assert_int_equal(n.others, 2);
	assert_int_equal(count_rules_nft("{}", 2, &n), -EINVAL);
	assert_int_equal(count_rules_nft("", 0, &n), -EINVAL);
	assert_int_equal(count_rules_nft("[1]", 3, &n), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_of_iptables_are_counted),
		cmocka_unit_test(rules_and_objects_of_nft_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
