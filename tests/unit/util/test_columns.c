// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/columns.h"

#define A_UMLAUT "\xc3\xa4"
#define ACCENT "\xcc\x81"       /* U+0301, above the letter before */
#define MOUNTAIN "\xe5\xb1\xb1" /* U+5C71, of two columns */
#define FACE "\xf0\x9f\x99\x82" /* U+1F642, the same, and four bytes */

static void columns_are_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(columns_of(""), 0);
	assert_int_equal(columns_of("web_t"), 5);
	assert_int_equal(columns_of("b" A_UMLAUT "r_t"), 5);
	assert_int_equal(columns_of("e" ACCENT), 1);
	assert_int_equal(columns_of(MOUNTAIN FACE), 4);
	/* bytes that are no UTF-8 */
	assert_int_equal(columns_of("a\xff\xe5z"), 4);
}

static void no_character_is_split(void **state)
{
	static const struct {
		const char *text;
		size_t columns, bytes, used;
	} cases[] = {
		{ "abc", 0, 0, 0 },
		{ "abc", 2, 2, 2 },
		{ "abc", 9, 3, 3 },
		{ A_UMLAUT A_UMLAUT, 1, 2, 1 },
		{ A_UMLAUT A_UMLAUT, 2, 4, 2 },
		{ "e" ACCENT "x", 1, 3, 1 },
		{ MOUNTAIN MOUNTAIN, 1, 0, 0 },
		{ MOUNTAIN MOUNTAIN, 3, 3, 2 },
		{ "x" FACE, 3, 5, 3 },
	};
	size_t i, columns;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		columns = cases[i].columns;
		assert_int_equal(columns_fit(cases[i].text, &columns), cases[i].bytes);
		assert_int_equal(columns, cases[i].used);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_not_bytes),
		cmocka_unit_test(no_character_is_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
