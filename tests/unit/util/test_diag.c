// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/diag.h"

static void assert_formatted(const struct diag_entry *e, const char *expected)
{
	char *text = diag_format(e);

	assert_string_equal(text, expected);
	free(text);
}

static struct pos diag_pos(const char *file, unsigned int line, unsigned int col)
{
	return (struct pos){ file, line, col };
}

static void an_entry_is_formatted_with_what_is_known_of_it(void **state)
{
	struct diag d = { 0 };

	(void)state;
	diag_add(&d, DIAG_ERROR, diag_pos("a.plan", 3, 7), "tpc", "did you mean tcp?", "unknown %s",
		 "protocol");
	diag_add(&d, DIAG_WARNING, diag_pos("a.plan", 3, 0), NULL, "80", "no port");
	diag_add(&d, DIAG_WARNING, diag_pos("a.plan", 0, 0), "x", NULL, "odd");
	diag_add(&d, DIAG_ERROR, diag_pos(NULL, 0, 0), NULL, NULL, "bad");
	assert_formatted(&d.v[0], "a.plan:3:7: unknown protocol: 'tpc' (did you mean tcp?)");
	assert_formatted(&d.v[1], "a.plan:3: warning: no port (80)");
	assert_formatted(&d.v[2], "a.plan: warning: odd: 'x'");
	assert_formatted(&d.v[3], "bad");
	assert_int_equal(d.n, 4);
	assert_int_equal(d.errors, 2);
	diag_free(&d);
	assert_int_equal(d.n + d.errors + d.n_files, 0);
}

static void text_is_made_safe_and_cut(void **state)
{
	char text[1000], expected[400];
	struct diag d = { 0 };

	(void)state;
	diag_add(&d, DIAG_ERROR, diag_pos("f", 1, 1), "a\033'\n", NULL, "no");
	assert_formatted(&d.v[0], "f:1:1: no: 'a\\x1b\\x27\\x0a'");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	diag_add(&d, DIAG_ERROR, diag_pos("f", 1, 1), text, NULL, "no");
	snprintf(expected, sizeof(expected), "f:1:1: no: '%.296s...'", text);
	assert_formatted(&d.v[1], expected);
	diag_free(&d);
}

static void entries_outlive_what_they_are_about(void **state)
{
	char file[] = "file", text[] = "text", hint[] = "hint";
	struct diag d = { 0 };

	(void)state;
	diag_add(&d, DIAG_ERROR, diag_pos(file, 1, 2), text, hint, "what");
	file[0] = text[0] = hint[0] = 'X';
	assert_formatted(&d.v[0], "file:1:2: what: 'text' (hint)");
	diag_free(&d);
}

static void sorting_is_by_file_line_and_column_and_keeps_the_order_of_equals(void **state)
{
	static const struct pos where[] = {
		{ "z", 9, 1 }, { "a", 1, 1 }, { "z", 2, 5 }, { "z", 2, 5 },
		{ "a", 1, 0 }, { "z", 2, 4 }, { "z", 2, 5 },
	};
	char order[8] = "";
	struct diag d = { 0 };
	size_t i;

	(void)state;
	diag_sort(&d);
	for (i = 0; i < 7; i++)
		diag_add(&d, DIAG_WARNING, where[i], NULL, NULL, "%zu", i);
	diag_sort(&d);
	for (i = 0; i < d.n; i++)
		strcat(order, d.v[i].what);
	assert_string_equal(order, "5236041");
	/* it can still grow */
	for (i = 0; i < 5; i++)
		diag_add(&d, DIAG_WARNING, where[i], NULL, NULL, "more");
	assert_int_equal(d.n, 12);
	diag_free(&d);
}

static void what_is_said_again_of_a_place_is_dropped(void **state)
{
	static const struct pos here = { "a", 2, 3 }, there = { "a", 2, 4 }, other = { "b", 2, 3 };
	struct diag d = { 0 };
	char said[64] = "";
	size_t i;

	(void)state;
	diag_add(&d, DIAG_ERROR, here, "x", "one", "A");
	diag_add(&d, DIAG_ERROR, here, NULL, NULL, "B");
	diag_add(&d, DIAG_ERROR, here, "x", "two", "A");
	diag_add(&d, DIAG_WARNING, here, NULL, NULL, "B");
	diag_add(&d, DIAG_ERROR, there, NULL, NULL, "A");
	diag_add(&d, DIAG_ERROR, other, NULL, NULL, "A");
	diag_drop_repeats(&d);
	for (i = 0; i < d.n; i++)
		snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%u%s%s ",
			 d.v[i].pos.file, d.v[i].pos.col, d.v[i].what,
			 d.v[i].hint ? d.v[i].hint : "");
	assert_string_equal(said, "a3Aone a3B a4A b3A ");
	assert_int_equal(d.errors, 4);
	diag_add(&d, DIAG_ERROR, here, NULL, NULL, "C");
	assert_int_equal(d.n, 5);
	diag_free(&d);
}

static void warnings_are_taken_back_but_errors_stay(void **state)
{
	const struct pos pos = { "f", 1, 1 };
	struct diag d = { 0 };

	(void)state;
	diag_add(&d, DIAG_WARNING, pos, NULL, NULL, "old");
	diag_add(&d, DIAG_WARNING, pos, NULL, NULL, "new");
	diag_add(&d, DIAG_ERROR, pos, NULL, NULL, "error");
	diag_add(&d, DIAG_WARNING, pos, NULL, NULL, "newer");
	diag_drop_warnings(&d, 1);
	assert_int_equal(d.n, 2);
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.v[0].what, "old");
	assert_string_equal(d.v[1].what, "error");
	diag_add(&d, DIAG_WARNING, pos, NULL, NULL, "next");
	assert_string_equal(d.v[2].what, "next");
	diag_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_formatted_with_what_is_known_of_it),
		cmocka_unit_test(text_is_made_safe_and_cut),
		cmocka_unit_test(entries_outlive_what_they_are_about),
		cmocka_unit_test(sorting_is_by_file_line_and_column_and_keeps_the_order_of_equals),
		cmocka_unit_test(warnings_are_taken_back_but_errors_stay),
		cmocka_unit_test(what_is_said_again_of_a_place_is_dropped),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
