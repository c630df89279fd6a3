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
#include "support/plan_dump.h"
#include "support/random_plan.h"

#define PLANS 300

static char *dump_of_plan(const struct plan *plan)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	plan_dump(plan, out);
	fclose(out);
	return text;
}

static char *parse_and_print(const char *text)
{
	struct diag diag = { 0 };
	struct plan plan;
	char *printed;

	assert_int_equal(plan_parse("test", text, strlen(text), &plan, &diag), 0);
	printed = plan_print_text(&plan);
	plan_free(&plan);
	diag_free(&diag);
	return printed;
}

/* all statements and clauses, in the order in which they are printed */
static void test_everything_is_said(void **state)
{
	static const char text[] =
		"# comment\n"
		"server   a_packet_t\ttcp 443,80 on eth0 from ! 10.0.0.0/8 "
		"level s0:c1   # why\n"
		"default client b_packet_t\n"
		"loopback no\n"
		"client system_u:object_r:b_packet_t udp domain only named_t\n"
		"client b_packet_t tcp !22,80-90 to fd00::/8,::1 on !wg+ allow a_t "
		"@b only c_t\n"
		"type a_packet_t\n"
		"trust veth0 br+\n"
		"unlabeled deny\n"
		"table mangle\n"
		"net here  10.0.0.0/8,::1 # us\n"
		"client b_packet_t udp,tcp domain to @here\n"
		"net all @here,192.0.2.1\n"
		"server a_packet_t icmp,proto-200 from !@all\n"
		"forward a_packet_t any in eth0 out eth1\n";
	static const char printed[] = "table mangle\n"
				      "unlabeled deny\n"
				      "loopback no\n"
				      "trust veth0\n"
				      "trust br+\n"
				      "type a_packet_t\n"
				      "server a_packet_t tcp 80,443 from !10.0.0.0/8 on eth0 "
				      "level s0:c1\n"
				      "default client b_packet_t\n"
				      "client system_u:object_r:b_packet_t udp 53 only named_t\n"
				      "client b_packet_t tcp !22,80-90 to fd00::/8,::1 on !wg+ "
				      "only c_t allow a_t @b\n"
				      "client b_packet_t udp 53 to 10.0.0.0/8,::1\n"
				      "client b_packet_t tcp 53 to 10.0.0.0/8,::1\n"
				      "server a_packet_t icmp from !10.0.0.0/8,192.0.2.1\n"
				      "server a_packet_t proto-200 from "
				      "!10.0.0.0/8,::1,192.0.2.1\n"
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

static void is_read_as_it_was(const struct plan *plan)
{
	char *was = dump_of_plan(plan), *text = plan_print_text(plan), *is;
	struct diag diag = { 0 };
	struct plan again;

	assert_int_equal(plan_parse("test", text, strlen(text), &again, &diag), 0);
	is = dump_of_plan(&again);
	assert_string_equal(is, was);
	free(was);
	free(text);
	free(is);
	plan_free(&again);
	diag_free(&diag);
}

static void test_random_plans_are_read_as_they_were(void **state)
{
	unsigned int seed = random_seed(), i;

	(void)state;
	for (i = 0; i < PLANS; i++) {
		struct plan plan;

		random_plan(&seed, RANDOM_FORWARD | RANDOM_OUT_IFACE, &plan);
		is_read_as_it_was(&plan);
		plan_free(&plan);
	}
}

/* what was printed needs no /etc/services and no other file */
static void test_names_are_resolved(void **state)
{
	char *text = parse_and_print("server a_packet_t tcp http-alt,domain,8000-8010\n");

	(void)state;
	assert_string_equal(text, "server a_packet_t tcp 53,8000-8010,8080\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_is_said),
		cmocka_unit_test(test_nothing_is_a_plan),
		cmocka_unit_test(test_names_are_resolved),
		cmocka_unit_test(test_random_plans_are_read_as_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
