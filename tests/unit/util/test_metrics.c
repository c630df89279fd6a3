// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "util/buffer.h"
#include "util/metrics.h"

static void assert_value(const struct metric_label *labels, uint64_t value, const char *want)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	metrics_value(out, "m", labels, value);
	buffer_close(out);
	assert_string_equal(text, want);
	free(text);
}

static void the_head_names_the_type(void **state)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	(void)state;
	metrics_begin(out, "secmark2_a_total", "counter", "How many.");
	buffer_close(out);
	assert_string_equal(text, "# HELP secmark2_a_total How many.\n"
				  "# TYPE secmark2_a_total counter\n");
	free(text);
}

static void values_have_their_labels(void **state)
{
	const struct metric_label none[] = { { NULL, NULL } };
	const struct metric_label two[] = { { "a", "x_t" }, { "b", "" }, { NULL, NULL } };

	(void)state;
	assert_value(NULL, 0, "m 0\n");
	assert_value(none, 1, "m 1\n");
	assert_value(two, UINT64_MAX, "m{a=\"x_t\",b=\"\"} 18446744073709551615\n");
}

/* The format escapes backslash, quote and newline in values. What a terminal would act on was
 * escaped before. */
static void hostile_values_are_escaped(void **state)
{
	static const struct {
		const char *value, *want;
	} cases[] = {
		{ "a\"b", "m{l=\"a\\\"b\"} 1\n" },
		{ "a\\b", "m{l=\"a\\\\\\\\b\"} 1\n" },
		{ "a\\x0a", "m{l=\"a\\\\\\\\x0a\"} 1\n" },
		{ "a\nm 2\n", "m{l=\"a\\\\x0am 2\\\\x0a\"} 1\n" },
		{ "\x1b[2J", "m{l=\"\\\\x1b[2J\"} 1\n" },
		{ "\xff", "m{l=\"\\\\xff\"} 1\n" },
		{ "{a=\"b\"} 7", "m{l=\"{a=\\\"b\\\"} 7\"} 1\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct metric_label l[] = { { "l", cases[i].value }, { NULL, NULL } };

		assert_value(l, 1, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_names_the_type),
		cmocka_unit_test(values_have_their_labels),
		cmocka_unit_test(hostile_values_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
