// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/burst.h"

static void some_at_once_then_one_in_each_pause(void **state)
{
	struct burst b = { .size = 3, .pause = 100 };
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(burst_next(&b, 1000), 1000);
		burst_use(&b, 1000);
	}
	assert_int_equal(burst_next(&b, 1000), 1100);
	assert_int_equal(burst_next(&b, 1099), 1100);
	assert_int_equal(burst_next(&b, 1100), 1100);
	burst_use(&b, 1100);
	assert_int_equal(burst_next(&b, 1101), 1200);
}

static void what_is_not_used_is_saved_up(void **state)
{
	struct burst b = { .size = 2, .pause = 100 };

	(void)state;
	burst_use(&b, 0);
	burst_use(&b, 10);
	assert_int_equal(burst_next(&b, 20), 100);
	/* one of them */
	assert_int_equal(burst_next(&b, 150), 150);
	burst_use(&b, 150);
	assert_int_equal(burst_next(&b, 150), 200);
	/* not more than a burst, however long it was quiet */
	assert_int_equal(burst_next(&b, 100000), 100000);
	burst_use(&b, 100000);
	burst_use(&b, 100000);
	assert_int_equal(burst_next(&b, 100000), 100100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_at_once_then_one_in_each_pause),
		cmocka_unit_test(what_is_not_used_is_saved_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
