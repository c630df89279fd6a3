// SPDX-License-Identifier: GPL-2.0-only
/* Ten thousand of anything are read in no time, be they alike or all different. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "plan.h"
#include "text.h"

#define N 10000
/* 5 times what 10,000 lines may take; what is quadratic takes some seconds */
#define LIMIT_MS 250

static double cpu_ms(void)
{
	struct timespec ts;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts), 0);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static void expect_pace(const char *what, double begun)
{
	const char *sanitized = getenv("SANITIZED");
	double ms = cpu_ms() - begun, limit = sanitized && *sanitized ? 20 * LIMIT_MS : LIMIT_MS;

	if (ms > limit)
		fail_msg("%.0f ms, %.0f at most: %s", ms, limit, what);
}

/* Prefix, number, infix, number, suffix: the numbers together differ from line to line. */
static const struct shape {
	const char *prefix, *infix, *suffix;
} shapes[] = {
	{ "server a_t tcp 80 on eth", ".", "" },
	{ "server a_t tcp 80 on !eth", ".", "" },
	{ "server a_t tcp 80 on e", ".", "+" },
	{ "server a_t tcp 80 from !10.1.", ".", "" },
	{ "server a_t tcp 80 from 10.1.", ".", "" },
	{ "server a_t any from !10.1.", ".", " to !192.0.2.1" },
	{ "server a_t tcp ", "", "-65535 from 10.0.0.0/8" },
	{ "server a_t tcp ", "", " from 10.0.0.0/8" },
	{ "trust eth", ".", "" },
	{ "type t", "_", "_t" },
};

static char *make_lines(const struct shape *shape, size_t *len)
{
	unsigned int i;
	char *text;
	FILE *out = text_open(&text, len);

	for (i = 0; i < N; i++)
		fprintf(out, "%s%u%s%0*u%s\n", shape->prefix, i / 100 + 1, shape->infix, *shape->infix ? 1 : 2, i % 100,
			shape->suffix);
	text_close(out);
	return text;
}

static void read_plan(const char *what, const char *text, size_t len)
{
	struct diag diag = { 0 };
	struct plan plan;
	double begun = cpu_ms();

	assert_int_equal(plan_parse("test", text, len, &plan, &diag), 0);
	expect_pace(what, begun);
	plan_free(&plan);
	diag_free(&diag);
}

static void lines_of_any_shape_are_read_in_no_time(void **state)
{
	unsigned int i;
	char *text;
	size_t len;

	(void)state;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		text = make_lines(&shapes[i], &len);
		read_plan(shapes[i].prefix, text, len);
		free(text);
	}
}

static void long_lists_are_read_in_no_time(void **state)
{
	unsigned int line, i, k;
	char *text;
	size_t len;
	FILE *out = text_open(&text, &len);

	(void)state;
	for (line = 0; line < 2; line++) {
		fputs("server a_t tcp 80 from ", out);
		for (i = 0; i < N; i++) {
			k = line ? N - 1 - i : i;
			fprintf(out, "%s10.1.%u.%u", i ? "," : "", k / 100, k % 100);
		}
		fputc('\n', out);
	}
	text_close(out);
	read_plan("the same long list, upwards and downwards", text, len);
	free(text);
}

/* Each line would have to be looked for under each pair of lengths. */
static void networks_of_all_lengths_are_read_in_no_time(void **state)
{
	unsigned int i;
	char *text;
	size_t len;
	FILE *out = text_open(&text, &len);

	(void)state;
	for (i = 0; i < N; i++)
		fprintf(out, "server a_t tcp 80 from 8000::/%u to c000::/%u on e%u\n", i % 128 + 1, i / 128 % 127 + 2, i);
	text_close(out);
	read_plan("networks of all lengths", text, len);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_any_shape_are_read_in_no_time),
		cmocka_unit_test(long_lists_are_read_in_no_time),
		cmocka_unit_test(networks_of_all_lengths_are_read_in_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
