// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/module_rules.h"

/* Asserts that these modules have a rule, such as "a b"; "" for none. */
static void found(const struct module_rules *rules, const char *source, const char *target,
		  const char *booleans, const char *want)
{
	char have[100] = "";
	const struct module_packet_rule *r;
	size_t n, i, len = 0;

	r = module_rules_find(rules, source, target, booleans, &n);
	for (i = 0; i < n; i++)
		len += snprintf(have + len, sizeof(have) - len, "%s%s", i ? " " : "", r[i].module);
	assert_string_equal(have, want);
}

static void modules_are_found_by_their_rules(void **state)
{
	struct module_rules rules = { 0 };

	(void)state;
	module_rules_read(&rules, "b",
			  "(allow x_t p_t (packet (send)))\n"
			  "(allow x_t p_t (packet (recv)))\n"
			  "(allow attr p_t (packet (recv)))");
	module_rules_read(&rules, "a",
			  "(allow x_t p_t (packet (send)))"
			  "(allow y_t self (packet (send)))");
	module_rules_sort(&rules);
	found(&rules, "x_t", "p_t", "", "a b");
	found(&rules, "attr", "p_t", "", "b");
	found(&rules, "y_t", "y_t", "", "a");
	found(&rules, "x_t", "p_t", "a", "");
	found(&rules, "x_t", "q_t", "", "");
	found(&rules, "", "", "", "");
	found(&rules, "zzz", "p_t", "", "");
	module_rules_free(&rules);
	module_rules_sort(&rules);
	found(&rules, "x_t", "p_t", "", "");
}

static void a_rule_is_found_wherever_it_is(void **state)
{
	static const char text[] =
		"; (allow comment_t p_t (packet (send)))\n"
		"(filecon \"(allow string_t p_t (packet (send)))\" file ())\n"
		"(optional o (typeattributeset cil_gen_require p_t)\n"
		"\t(allow\tin_t ; why\n p_t(packet(send))))\n"
		"(booleanif (and b (or (not (a)) b))\n"
		"\t(true (allow on_t p_t (packet (send))))\n"
		"\t(false (optional q (allow off_t p_t (packet (send))))))\n"
		"(booleanif a (false (allow one_t p_t (packet (send)))))\n"
		"(block b (booleanif a (true (allow x_t p_t (packet (send))))))\n"
		"(macro m ((type x_t)) (allow x_t p_t (packet (send))))\n"
		"(in b (allow x_t p_t (packet (send))))\n"
		"(allow after_t p_t (packet (send)))\n"
		"(allow file_t p_t (file (read)))\n"
		"(allow set_t p_t set)\n"
		"(allow like_t p_t (packet_socket (read)))\n"
		"((allow list_t p_t (packet (send))))\n"
		"(dontaudit quiet_t p_t (packet (send)))";
	struct module_rules rules = { 0 };

	(void)state;
	module_rules_read(&rules, "m", text);
	module_rules_sort(&rules);
	assert_int_equal(rules.n, 6);
	found(&rules, "in_t", "p_t", "", "m");
	found(&rules, "on_t", "p_t", "a b", "m");
	found(&rules, "off_t", "p_t", "a b", "m");
	found(&rules, "off_t", "p_t", "a", "");
	found(&rules, "one_t", "p_t", "a", "m");
	found(&rules, "after_t", "p_t", "", "m");
	found(&rules, "list_t", "p_t", "", "m");
	module_rules_free(&rules);
}

/* Each prefix of a text, and parentheses that nothing opens. */
static void a_text_can_end_anywhere(void **state)
{
	static const char text[] = ")) (booleanif (a) (true (allow x_t \"p\" (packet (send)))))"
				   "(allow x_t p_t (packet (send)))";
	struct module_rules rules;
	size_t len;
	char *part;

	(void)state;
	for (len = 0; len < sizeof(text); len++) {
		rules = (struct module_rules){ 0 };
		part = strndup(text, len);
		module_rules_read(&rules, "m", part);
		free(part);
		module_rules_sort(&rules);
		found(&rules, "x_t", "p_t", "",
		      len >= strlen(text) - strlen(" (send)))") ? "m" : "");
		module_rules_free(&rules);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules_are_found_by_their_rules),
		cmocka_unit_test(a_rule_is_found_wherever_it_is),
		cmocka_unit_test(a_text_can_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
