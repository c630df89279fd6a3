// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "util/texts.h"

static void each_text_is_there_once(void **state)
{
	struct texts t = { .v = NULL };
	const char *kept[100];
	char text[16];
	size_t i;

	(void)state;
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "type%zu_t", i * 37 % 100);
		kept[i] = texts_keep(&t, text);
		assert_string_equal(kept[i], text);
	}
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "type%zu_t", i * 37 % 100);
		assert_ptr_equal(texts_keep(&t, text), kept[i]);
	}
	assert_int_equal(t.n, 100);
	assert_null(texts_keep(&t, NULL));
	assert_string_equal(texts_keep(&t, ""), "");
	texts_free(&t);
	assert_int_equal(t.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_is_there_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
