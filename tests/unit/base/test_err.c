// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void setting_an_error_returns_its_code_and_drops_the_old_hint(void **state)
{
	struct err err;

	(void)state;
	err_hint(&err, "old");
	assert_int_equal(err_set(&err, -EINVAL, "port %d", 7), -EINVAL);
	assert_string_equal(err.what, "port 7");
	assert_string_equal(err.hint, "");
	err_hint(&err, "new %s", "hint");
	assert_string_equal(err.what, "port 7");
	assert_string_equal(err.hint, "new hint");
}

static void an_error_is_one_text(void **state)
{
	char text[ERR_TEXT_MAX], most[sizeof(struct err)];
	struct err err;

	(void)state;
	err_set(&err, -EINVAL, "port 7");
	assert_string_equal(err_text(&err, text), "port 7");
	err_hint(&err, "1 to 6");
	assert_string_equal(err_text(&err, text), "port 7 (1 to 6)");
	/* nothing of the longest one is cut */
	memset(most, 'x', sizeof(most));
	most[sizeof(most) - 1] = '\0';
	err_set(&err, -EINVAL, "%s", most);
	err_hint(&err, "%s", most);
	assert_int_equal(strlen(err_text(&err, text)),
			 strlen(err.what) + strlen(err.hint) + strlen(" ()"));
	assert_string_equal(text + strlen(text) - 4, "...)");
}

static void a_text_too_long_for_an_error_is_cut(void **state)
{
	char text[2000];
	struct err err;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	err_set(&err, -EINVAL, "%s", text);
	assert_int_equal(strlen(err.what), sizeof(err.what) - 1);
}

static void quoting_escapes_what_a_terminal_would_act_on(void **state)
{
	char buf[64];

	(void)state;
	assert_string_equal(err_quote(buf, sizeof(buf), "a:b_t-\xc3\xa4"), "a:b_t-\xc3\xa4");
	assert_string_equal(err_quote(buf, sizeof(buf), "\x1b[1m'\\\x7f\n"), "\\x1b["
									     "1m\\x27\\x5c\\x7f\\x0"
									     "a");
	assert_string_equal(err_quote(buf, sizeof(buf), ""), "");
	/* CSI as one character, and as a byte of a terminal that has 8 bits */
	assert_string_equal(err_quote(buf, sizeof(buf),
				      "\xc2\x9b"
				      "1m\x9b\xc2\xa0"),
			    "\\xc2\\x9b1m\\x9b\xc2\xa0");
}

static void an_error_has_nothing_that_a_terminal_would_act_on(void **state)
{
	struct err err;
	char buf[8];

	(void)state;
	err_set(&err, -EINVAL, "%s", "it's a\\b\t\xc3\xa4\x1b[1m\n\xc2\x9b\x9b\x7f");
	assert_string_equal(err.what, "it's a\\b\t\xc3\xa4\\x1b[1m\\x0a\\xc2\\x9b\\x9b\\x7f");
	err_hint(&err, "%s", "\x1b");
	assert_string_equal(err.hint, "\\x1b");
	assert_string_equal(err_printable(buf, sizeof(buf), "ab\x1b\x1b"), "ab...");
}

static void what_turns_text_around_is_escaped(void **state)
{
	static const struct {
		const char *text, *printable;
	} cases[] = {
		{ "a\xd8\x9cz", "a\\xd8\\x9cz" },
		{ "a\xe2\x80\x8ez", "a\\xe2\\x80\\x8ez" },
		{ "\xe2\x80\xa8", "\\xe2\\x80\\xa8" },
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae" },
		{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
		{ "\xe2\x81\xa9", "\\xe2\\x81\\xa9" },
		/* their neighbors: a joiner, a dash, a blank, and Arabic letters */
		{ "\xe2\x80\x8d", "\xe2\x80\x8d" },
		{ "\xe2\x80\x90", "\xe2\x80\x90" },
		{ "\xe2\x80\xaf", "\xe2\x80\xaf" },
		{ "\xe2\x81\xa5", "\xe2\x81\xa5" },
		{ "\xd8\x9b\xd8\xa7", "\xd8\x9b\xd8\xa7" },
	};
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(err_printable(buf, sizeof(buf), cases[i].text),
				    cases[i].printable);
}

static void what_is_no_utf8_is_escaped(void **state)
{
	static const struct {
		const char *text, *quoted;
	} cases[] = {
		{ "\xff", "\\xff" },
		{ "\xc3", "\\xc3" },
		{ "\xc0\x80", "\\xc0\\x80" },
		{ "\xe2\x82", "\\xe2\\x82" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
	};
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(err_quote(buf, sizeof(buf), cases[i].text), cases[i].quoted);
}

static void quoting_cuts_only_what_does_not_fit(void **state)
{
	char buf[8];

	(void)state;
	assert_string_equal(err_quote(buf, sizeof(buf), "1234567"), "1234567");
	assert_string_equal(err_quote(buf, sizeof(buf), "12345678"), "1234...");
	assert_string_equal(err_quote(buf, sizeof(buf), "123\n5"), "123...");
	assert_string_equal(err_quote(buf, sizeof(buf), "123\xc3\xa4xyz"), "123...");
	assert_string_equal(err_quote(buf, sizeof(buf), "123\n"), "123\\x0a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setting_an_error_returns_its_code_and_drops_the_old_hint),
		cmocka_unit_test(an_error_is_one_text),
		cmocka_unit_test(a_text_too_long_for_an_error_is_cut),
		cmocka_unit_test(quoting_escapes_what_a_terminal_would_act_on),
		cmocka_unit_test(an_error_has_nothing_that_a_terminal_would_act_on),
		cmocka_unit_test(what_turns_text_around_is_escaped),
		cmocka_unit_test(what_is_no_utf8_is_escaped),
		cmocka_unit_test(quoting_cuts_only_what_does_not_fit),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
