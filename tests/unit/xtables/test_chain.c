// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/err.h"
#include "compile/compile.h"
#include "compile/dispatch.h"
#include "plan/plan.h"
#include "support/random_plan.h"
#include "util/diag.h"
#include "xtables/chain.h"
#include "xtables/hooks.h"
#include "xtables/port_tree.h"

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

/* For IPv4, several address types are alternatives; for IPv6, they are conditions that no packet
 * meets. */
static void one_address_type_is_asked_of_ipv6(void **state)
{
	const struct chain_rule rule = { .to_us = true, .action = CHAIN_RETURN };

	(void)state;
	assert_printed(AF_INET, rule,
		       "-A SECMARK2-X -m addrtype --dst-type LOCAL,BROADCAST,MULTICAST -j RETURN");
	assert_printed(AF_INET6, rule, "-A SECMARK2-X -m addrtype --dst-type LOCAL -j RETURN");
}

static void out_is_refused_with_its_place(void **state)
{
	static const char text[] = "server a_t tcp 80\nforward b_t tcp 25 out eth1\nforward c_t "
				   "tcp 26 in eth0\n";
	struct xt_opts opts = { 0 };
	struct diag diag = { 0 };
	struct chain_set set;
	struct dispatch d;
	struct plan plan;
	struct err err;

	(void)state;
	plan_of(text, sizeof(text) - 1, &plan);
	assert_int_equal(compile(&plan, &d, &err), 0);
	assert_int_equal(xt_hooks_build(&d, DISPATCH_IPV4, &opts, &set, &diag), -EOPNOTSUPP);
	assert_int_equal(diag.n, 1);
	assert_int_equal(diag.v[0].pos.line, 2);
	chain_free(&set);
	diag_free(&diag);
	dispatch_free(&d);
	plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_address_type_is_asked_of_ipv6),
		cmocka_unit_test(out_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
