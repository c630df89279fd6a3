// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/diff.h"

static void diff_print_line(void *arg, enum diff_mark mark, const char *text, size_t len)
{
	fprintf(arg, "%c%.*s\n", mark, (int)len, text);
}

static void diff_compare(const char *old, const char *new, const char *expected)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diff_lines(old, new, diff_print_line, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void test_lines(void **state)
{
	(void)state;
	diff_compare("", "", "");
	diff_compare("a\nb\n", "a\nb\n", " a\n b\n");
	diff_compare("", "a\n", "+a\n");
	diff_compare("a\n", "", "-a\n");
	diff_compare("a\nb\nc\n", "a\nc\n", " a\n-b\n c\n");
	diff_compare("a\nc\n", "a\nb\nc\n", " a\n+b\n c\n");
	diff_compare("a\nb\n", "a\nx\n", " a\n-b\n+x\n");
	/* the order counts: a line that has moved is gone here and new there */
	diff_compare("a\nb\nc\n", "b\nc\na\n", "-a\n b\n c\n+a\n");
	diff_compare("a\nb\nc\nd\ne\n", "x\nb\ny\nd\nz\n", "-a\n+x\n b\n-c\n+y\n d\n-e\n+z\n");
	/* a prefix is no line */
	diff_compare("ab\n", "a\n", "-ab\n+a\n");
	diff_compare("a\na\n", "a\n", " a\n-a\n");
	/* without a newline at the end */
	diff_compare("a\nb", "a\nb\n", " a\n b\n");
}

struct count {
	size_t kept, gone, new;
};

static void diff_count(void *arg, enum diff_mark mark, const char *text, size_t len)
{
	struct count *count = arg;

	(void)text;
	(void)len;
	count->kept += mark == DIFF_KEPT;
	count->gone += mark == DIFF_GONE;
	count->new += mark == DIFF_NEW;
}

static char *number_lines(unsigned int from, unsigned int to)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	while (from < to)
		fprintf(out, "%u\n", from++);
	fclose(out);
	return text;
}

/* more than is compared line by line: nothing is lost, if not all is found again */
static void test_long_texts(void **state)
{
	char *old = number_lines(0, 20000), *new = number_lines(10000, 30000);
	struct count count = { 0 };

	(void)state;
	diff_lines(old, new, diff_count, &count);
	assert_int_equal(count.kept + count.gone, 20000);
	assert_int_equal(count.kept + count.new, 20000);
	free(old);
	free(new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
