// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/denial.h"
#include "audit/denial_counts.h"

#define CONTEXT(type) "system_u:object_r:" type ":s0"

static void count_perms(struct denial_counts *c, const char *perms, const char *class,
			const char *source, const char *target, bool granted)
{
	const struct denial d = { .class = class,
				  .perms = perms,
				  .source = source,
				  .target = target,
				  .granted = granted,
				  .count = 1 };

	denial_counts_add(c, &d);
}

static void count_denial(struct denial_counts *c, const char *class, const char *source,
			 const char *target, bool granted)
{
	count_perms(c, "send", class, source, target, granted);
}

/* "label domain count recent;" for each */
static const char *counted(const struct denial_counts *c)
{
	static char text[512];
	size_t i, n = 0;

	text[0] = '\0';
	for (i = 0; i < c->n; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s %s %d %d;", c->v[i].label,
			      c->v[i].domain, (int)c->v[i].count, (int)c->v[i].recent);
	return text;
}

static void denials_of_packets_are_counted(void **state)
{
	struct denial_counts c = { .v = NULL };

	(void)state;
	count_denial(&c, "packet", CONTEXT("b_t"), CONTEXT("web_packet_t"), false);
	count_denial(&c, "packet", CONTEXT("a_t"), CONTEXT("web_packet_t"), false);
	count_denial(&c, "packet", CONTEXT("b_t"), CONTEXT("dns_packet_t"), false);
	count_denial(&c, "packet", CONTEXT("b_t"), "other_u:object_r:web_packet_t:s0:c5", false);
	/* no packet, and no denial */
	count_denial(&c, "peer", CONTEXT("b_t"), CONTEXT("netlabel_peer_t"), false);
	count_denial(&c, "packet", CONTEXT("b_t"), CONTEXT("web_packet_t"), true);
	assert_string_equal(counted(&c), "dns_packet_t b_t 1 1;web_packet_t a_t 1 1;"
					 "web_packet_t b_t 2 2;");
	denial_counts_pause(&c);
	count_denial(&c, "packet", CONTEXT("a_t"), CONTEXT("web_packet_t"), false);
	assert_string_equal(counted(&c), "dns_packet_t b_t 1 0;web_packet_t a_t 2 1;"
					 "web_packet_t b_t 2 0;");
	denial_counts_free(&c);
	assert_int_equal(c.n, 0);
}

static void a_rule_that_is_denied_is_no_packet(void **state)
{
	static const char *const packets[] = { "send",        "recv",    "forward_in",
					       "forward_out", "flow_in", "flow_out" };
	struct denial_counts c = { .v = NULL };
	size_t i;

	(void)state;
	count_perms(&c, "relabelto", "packet", CONTEXT("a_t"), CONTEXT("b_packet_t"), false);
	assert_int_equal(c.n, 0);
	for (i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		count_perms(&c, packets[i], "packet", CONTEXT("a_t"), CONTEXT("b_packet_t"), false);
	assert_string_equal(counted(&c), "b_packet_t a_t 6 6;");
	denial_counts_free(&c);
}

static void a_record_without_contexts_has_no_types(void **state)
{
	struct denial_counts c = { .v = NULL };

	(void)state;
	count_denial(&c, "packet", NULL, "unlabeled", false);
	assert_string_equal(counted(&c), "? ? 1 1;");
	denial_counts_free(&c);
}

static void memory_does_not_grow_without_end(void **state)
{
	struct denial_counts c = { .v = NULL };
	char context[64];
	int i;

	(void)state;
	for (i = 0; i < DENIAL_COUNTS_MAX + 5; i++) {
		snprintf(context, sizeof(context), CONTEXT("t%d"), i);
		count_denial(&c, "packet", CONTEXT("a_t"), context, false);
	}
	/* those that have a place go on */
	count_denial(&c, "packet", CONTEXT("a_t"), CONTEXT("t0"), false);
	assert_int_equal(c.n, DENIAL_COUNTS_MAX);
	assert_int_equal(c.others, 5);
	assert_string_equal(c.v[0].label, "t0");
	assert_int_equal(c.v[0].count, 2);
	denial_counts_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(denials_of_packets_are_counted),
		cmocka_unit_test(a_rule_that_is_denied_is_no_packet),
		cmocka_unit_test(a_record_without_contexts_has_no_types),
		cmocka_unit_test(memory_does_not_grow_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
