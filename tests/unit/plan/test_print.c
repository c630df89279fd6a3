// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/plan.h"
#include "plan/print.h"
#include "support/random_plan.h"

#define PLANS 300

static char *printed_plan(const struct plan *plan)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	plan_print(plan, out);
	fclose(out);
	return text;
}

static char *parse_and_print(const char *text)
{
	struct diag diag = { 0 };
	struct plan plan;
	char *printed;

	assert_int_equal(plan_parse("test", text, strlen(text), &plan, &diag), 0);
	printed = printed_plan(&plan);
	plan_free(&plan);
	diag_free(&diag);
	return printed;
}

/* all statements, in the order in which they are printed; lines stay as they are written */
static void test_everything_is_said(void **state)
{
	static const char text[] = "# comment\n"
				   "server   a_packet_t\ttcp 80,443 from ! 10.0.0.0/8 on eth0 "
				   "level s0:c1   # why\n"
				   "default client b_packet_t\n"
				   "loopback no\n"
				   "client system_u:object_r:b_packet_t udp domain only named_t\n"
				   "type a_packet_t\n"
				   "trust veth0 br+\n"
				   "unlabeled deny\n"
				   "table mangle\n"
				   "forward a_packet_t any in eth0 out eth1\n";
	static const char printed[] = "table mangle\n"
				      "unlabeled deny\n"
				      "loopback no\n"
				      "trust veth0\n"
				      "trust br+\n"
				      "type a_packet_t\n"
				      "server a_packet_t tcp 80,443 from ! 10.0.0.0/8 on eth0 "
				      "level s0:c1\n"
				      "default client b_packet_t\n"
				      "client system_u:object_r:b_packet_t udp domain only "
				      "named_t\n"
				      "forward a_packet_t any in eth0 out eth1\n";
	char *once = parse_and_print(text), *twice = parse_and_print(once);

	(void)state;
	assert_string_equal(once, printed);
	assert_string_equal(twice, printed);
	free(once);
	free(twice);
}

static void test_nothing_is_a_plan(void **state)
{
	char *text = parse_and_print("");

	(void)state;
	assert_string_equal(text, "");
	free(text);
}

static void test_random_plans_are_read_as_they_were(void **state)
{
	unsigned int seed = random_seed(), i;

	(void)state;
	for (i = 0; i < PLANS; i++) {
		char *once, *twice;
		struct plan plan;

		random_plan(&seed, RANDOM_FORWARD | RANDOM_OUT_IFACE, &plan);
		once = printed_plan(&plan);
		twice = parse_and_print(once);
		assert_string_equal(once, twice);
		free(once);
		free(twice);
		plan_free(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_is_said),
		cmocka_unit_test(test_nothing_is_a_plan),
		cmocka_unit_test(test_random_plans_are_read_as_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
