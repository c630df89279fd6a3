// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "packet/ports.h"

static void assert_ports(const struct ports *p, const char *expected)
{
	char text[256] = "";
	size_t used = 0, i;

	for (i = 0; i < p->n; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%u-%u", i ? "," : "",
				 p->v[i].lo, p->v[i].hi);
	assert_string_equal(text, expected);
}

static void ports_add_good(struct ports *p, uint16_t lo, uint16_t hi)
{
	assert_int_equal(ports_add(p, lo, hi), 0);
}

static void ranges_are_sorted_and_what_overlaps_or_touches_is_merged(void **state)
{
	struct ports p = { 0 };

	(void)state;
	ports_add_good(&p, 100, 200);
	ports_add_good(&p, 10, 20);
	ports_add_good(&p, 300, 300);
	assert_ports(&p, "10-20,100-200,300-300");
	ports_add_good(&p, 21, 21);
	ports_add_good(&p, 99, 99);
	ports_add_good(&p, 150, 160);
	assert_ports(&p, "10-21,99-200,300-300");
	ports_add_good(&p, 201, 298);
	assert_ports(&p, "10-21,99-298,300-300");
	ports_add_good(&p, 299, 299);
	assert_ports(&p, "10-21,99-300");
	ports_add_good(&p, 0, 0);
	ports_add_good(&p, 65535, 65535);
	ports_add_good(&p, 65000, 65534);
	assert_ports(&p, "0-0,10-21,99-300,65000-65535");
	ports_add_good(&p, 1, 65001);
	assert_ports(&p, "0-65535");
	ports_add_good(&p, 0, 65535);
	assert_ports(&p, "0-65535");
	ports_free(&p);
	assert_int_equal(p.n, 0);
}

static void the_complement_of_the_complement_is_the_set(void **state)
{
	struct ports p = { 0 };

	(void)state;
	assert_int_equal(ports_complement(&p), 0);
	assert_ports(&p, "0-65535");
	assert_int_equal(ports_complement(&p), 0);
	assert_ports(&p, "");
	ports_add_good(&p, 80, 90);
	ports_add_good(&p, 443, 443);
	assert_int_equal(ports_complement(&p), 0);
	assert_ports(&p, "0-79,91-442,444-65535");
	assert_int_equal(ports_complement(&p), 0);
	assert_ports(&p, "80-90,443-443");
	ports_add_good(&p, 0, 5);
	ports_add_good(&p, 65535, 65535);
	assert_int_equal(ports_complement(&p), 0);
	assert_ports(&p, "6-79,91-442,444-65534");
	ports_add_good(&p, 0, 65534);
	assert_int_equal(ports_complement(&p), 0);
	assert_ports(&p, "65535-65535");
	ports_free(&p);
}

static void a_port_is_in_the_set_up_to_both_ends_of_a_range(void **state)
{
	static const uint16_t in[] = { 0, 10, 15, 20, 65535 }, not_in[] = { 1, 9, 21, 65534 };
	struct ports p = { 0 };
	size_t i;

	(void)state;
	assert_false(ports_has(&p, 0));
	ports_add_good(&p, 0, 0);
	ports_add_good(&p, 10, 20);
	ports_add_good(&p, 65535, 65535);
	for (i = 0; i < sizeof(in) / sizeof(in[0]); i++)
		assert_true(ports_has(&p, in[i]));
	for (i = 0; i < sizeof(not_in) / sizeof(not_in[0]); i++)
		assert_false(ports_has(&p, not_in[i]));
	ports_free(&p);
}

static void overlapping_names_the_lowest_common_port(void **state)
{
	struct ports p = { 0 };
	uint16_t port = 0;

	(void)state;
	ports_add_good(&p, 10, 20);
	ports_add_good(&p, 30, 40);
	assert_true(ports_overlap(&p, 5, 35, &port));
	assert_int_equal(port, 10);
	assert_true(ports_overlap(&p, 15, 35, &port));
	assert_int_equal(port, 15);
	assert_true(ports_overlap(&p, 21, 30, &port));
	assert_int_equal(port, 30);
	assert_false(ports_overlap(&p, 21, 29, &port));
	assert_false(ports_overlap(&p, 41, 65535, NULL));
	ports_free(&p);
}

static void a_set_contains_another_if_each_port_of_it(void **state)
{
	struct ports a = { 0 }, b = { 0 };

	(void)state;
	assert_true(ports_contains(&a, &b));
	ports_add_good(&a, 10, 20);
	ports_add_good(&a, 30, 40);
	assert_true(ports_contains(&a, &b));
	assert_false(ports_contains(&b, &a));
	ports_add_good(&b, 10, 12);
	ports_add_good(&b, 14, 20);
	ports_add_good(&b, 30, 30);
	assert_true(ports_contains(&a, &b));
	assert_true(ports_contains(&a, &a));
	ports_add_good(&b, 19, 21);
	assert_false(ports_contains(&a, &b));
	ports_free(&b);
	ports_add_good(&b, 20, 30);
	assert_false(ports_contains(&a, &b));
	ports_free(&b);
	ports_add_good(&b, 41, 41);
	assert_false(ports_contains(&a, &b));
	ports_free(&b);
	ports_free(&a);
}

static void what_two_sets_have_in_common(void **state)
{
	struct ports a = { 0 }, b = { 0 }, both = { 0 };

	(void)state;
	ports_add_good(&a, 10, 20);
	ports_add_good(&a, 30, 40);
	ports_add_good(&a, 50, 60);
	assert_int_equal(ports_and(&a, &b, &both), 0);
	assert_ports(&both, "");
	ports_add_good(&b, 0, 10);
	ports_add_good(&b, 20, 35);
	ports_add_good(&b, 37, 65535);
	assert_int_equal(ports_and(&a, &b, &both), 0);
	assert_ports(&both, "10-10,20-20,30-35,37-40,50-60");
	ports_free(&both);
	assert_int_equal(ports_and(&b, &a, &both), 0);
	assert_ports(&both, "10-10,20-20,30-35,37-40,50-60");
	ports_free(&both);
	ports_free(&b);
	ports_add_good(&b, 21, 29);
	ports_add_good(&b, 61, 61);
	assert_int_equal(ports_and(&a, &b, &both), 0);
	assert_ports(&both, "");
	/* others take a set that is empty for one without memory */
	assert_null(both.v);
	ports_free(&a);
	ports_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_sorted_and_what_overlaps_or_touches_is_merged),
		cmocka_unit_test(the_complement_of_the_complement_is_the_set),
		cmocka_unit_test(a_port_is_in_the_set_up_to_both_ends_of_a_range),
		cmocka_unit_test(overlapping_names_the_lowest_common_port),
		cmocka_unit_test(a_set_contains_another_if_each_port_of_it),
		cmocka_unit_test(what_two_sets_have_in_common),
	};

	return cmocka_run_group_tests_name("ports", tests, NULL, NULL);
}
