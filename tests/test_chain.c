// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "chain.h"

/* A chain of one rule, as iptables-save has it. */
static void assert_printed(int family, struct chain_rule rule, const char *wanted)
{
	struct chain_set set = { .family = family, .table = "mangle" };
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	chain_add(&set, chain_new(&set, "SECMARK2-X"), rule);
	chain_print_rule(&set, &set.v[0], &set.v[0].rules[0], out);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
	chain_free(&set);
}

/* To IPv4 several address types are alternatives, to IPv6 conditions that no packet meets. */
static void one_address_type_is_asked_of_ipv6(void **state)
{
	const struct chain_rule rule = { .to_us = true, .action = CHAIN_RETURN };

	(void)state;
	assert_printed(AF_INET, rule, "-A SECMARK2-X -m addrtype --dst-type LOCAL,BROADCAST,MULTICAST -j RETURN");
	assert_printed(AF_INET6, rule, "-A SECMARK2-X -m addrtype --dst-type LOCAL -j RETURN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_address_type_is_asked_of_ipv6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
