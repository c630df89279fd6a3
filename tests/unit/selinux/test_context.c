// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "selinux/context.h"

static void a_context_comes_apart_at_its_first_three_colons(void **state)
{
	struct context ctx;
	struct err err;

	(void)state;
	assert_int_equal(context_parse("u:r:t:s0-s1:c0.c5", &ctx, &err), 0);
	assert_string_equal(ctx.user, "u");
	assert_string_equal(ctx.role, "r");
	assert_string_equal(ctx.type, "t");
	assert_string_equal(ctx.level, "s0-s1:c0.c5");
}

static void a_context_may_have_no_level(void **state)
{
	struct context ctx;
	struct err err;

	(void)state;
	assert_int_equal(context_parse("u:r:t", &ctx, &err), 0);
	assert_string_equal(ctx.type, "t");
	assert_null(ctx.level);
}

static void the_longest_context_has_255_bytes(void **state)
{
	char text[CONTEXT_LEN_MAX + 2];
	struct context ctx;
	struct err err;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "u:r:", 4);
	text[CONTEXT_LEN_MAX + 1] = '\0';
	assert_int_equal(context_parse(text, &ctx, &err), -EINVAL);
	assert_string_equal(err.what, "the context is 256 bytes long, 255 is the most a rule can "
				      "carry");
	text[CONTEXT_LEN_MAX] = '\0';
	assert_int_equal(context_parse(text, &ctx, &err), 0);
	assert_string_equal(ctx.type, text + 4);
}

static void formatting_refuses_to_cut_a_context(void **state)
{
	char type[CONTEXT_LEN_MAX + 1], out[CONTEXT_LEN_MAX + 1];

	(void)state;
	assert_int_equal(context_format(out, "u", "r", "t", NULL), 0);
	assert_string_equal(out, "u:r:t");
	assert_int_equal(context_format(out, "u", "r", "t", "s0"), 0);
	assert_string_equal(out, "u:r:t:s0");
	memset(type, 'x', sizeof(type));
	type[CONTEXT_LEN_MAX - 4] = '\0';
	assert_int_equal(context_format(out, "u", "r", type, NULL), 0);
	assert_int_equal(strlen(out), CONTEXT_LEN_MAX);
	assert_int_equal(context_format(out, "u", "r", type, "s"), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_context_comes_apart_at_its_first_three_colons),
		cmocka_unit_test(a_context_may_have_no_level),
		cmocka_unit_test(the_longest_context_has_255_bytes),
		cmocka_unit_test(formatting_refuses_to_cut_a_context),
	};

	return cmocka_run_group_tests_name("context", tests, NULL, NULL);
}
