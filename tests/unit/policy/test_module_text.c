// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "policy/module_text.h"

#define MADE "; Made by \"secmarkctl policy\" from "

static void only_our_first_line_makes_it_ours(void **state)
{
	(void)state;
	assert_true(module_text_is_ours(MADE "my.plan.\n(type a_t)\n"));
	assert_false(module_text_is_ours(""));
	assert_false(module_text_is_ours("(type a_t)\n" MADE "my.plan.\n"));
	assert_false(module_text_is_ours("; Made by \"secmarkctl policy\" fro"));
}

static int replaces(const char *before, const char *cil)
{
	struct err err = { "", "" };
	int ret = module_text_may_replace("name", before, cil, &err);

	assert_true(!ret == !*err.what);
	return ret;
}

static void a_plan_replaces_its_own_module(void **state)
{
	(void)state;
	assert_int_equal(replaces(MADE "my.plan.\n(type a_t)\n", MADE "my.plan.\n"), 0);
	/* from another folder */
	assert_int_equal(replaces(MADE "/etc/my.plan.\n(type a_t)\n", MADE "my.plan.\n"), 0);
	assert_int_equal(replaces(MADE "my.plan.\n(type a_t)\n", MADE "./my.plan.\n"), 0);
}

static void the_module_of_another_plan_must_keep_all_types(void **state)
{
	(void)state;
	assert_int_equal(replaces(MADE "a.plan.\n(type a_t)\n(type b_t)\n",
				  MADE "b.plan.\n(type b_t)\n(type a_t)\n(type c_t)\n"),
			 0);
	assert_int_equal(replaces(MADE "a.plan.\n(type a_t)\n(type b_t)\n",
				  MADE "b.plan.\n(type b_t)\n(type aa_t)\n"),
			 -EEXIST);
	assert_int_equal(replaces(MADE "a.plan.\n(type a_t)", MADE "aa.plan.\n"), -EEXIST);
}

static void a_type_is_declared_by_a_whole_line(void **state)
{
	static const char text[] = MADE "my.plan.\n(type ab_t)\n(roletype object_r ab_t)\n";

	(void)state;
	assert_true(module_text_declares(text, "ab_t"));
	assert_false(module_text_declares(text, "ab"));
	assert_false(module_text_declares(text, "b_t"));
	assert_false(module_text_declares(text, "my.plan"));
}

static void append_path(void *arg, char *path)
{
	char *all = arg;

	strcat(strcat(all, path), " ");
	free(path);
}

static void paths_are_found(void **state)
{
	char all[200] = "";

	(void)state;
	module_text_paths("(filecon \"/usr/bin/g\\+\\+\" file (u r t ((s0)(s0))))\n"
			  "(filecon \"relative\" file ())\n"
			  "(filecon \"/open\n(filecon \"/last",
			  append_path, all);
	assert_string_equal(all, "/usr/bin/g++ /open /last ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_our_first_line_makes_it_ours),
		cmocka_unit_test(a_plan_replaces_its_own_module),
		cmocka_unit_test(a_type_is_declared_by_a_whole_line),
		cmocka_unit_test(the_module_of_another_plan_must_keep_all_types),
		cmocka_unit_test(paths_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
