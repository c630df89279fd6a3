// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/since.h"
#include "base/err.h"

/* 2026-11-29, a Sunday, 11:00:00 UTC */
#define NOON INT64_C(1795950000)

static void since(const char *text, int64_t expected)
{
	struct err err;
	int64_t ms = -1;
	int ret = audit_since(text, NOON, 3600, &ms, &err);

	assert_int_equal(ret, expected < 0 ? -EINVAL : 0);
	assert_int_equal(ms, expected < 0 ? -1 : expected * 1000);
}

static void times_are_those_of_ausearch(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	since("now", NOON);
	since("recent", NOON - 600);
	since("boot", NOON - 3600);
	since("this-hour", NOON);
	since("today", NOON - 11 * 3600);
	since("yesterday", NOON - 35 * 3600);
	since("this-week", NOON - 11 * 3600);
	since("week-ago", NOON - 7 * 86400);
	since("this-month", NOON - 11 * 3600 - 28 * 86400);
	since("this-year", INT64_C(1767225600));
	since("2026-11-28", NOON - 35 * 3600);
	since("11/28/2026", NOON - 35 * 3600);
	since("10:30", NOON - 1800);
	since("10:30:01", NOON - 1799);
	since("2026-11-28 11:00", NOON - 86400);
	since("2026-11-28T11:00:00", NOON - 86400);
	since("", -1);
	since("noon", -1);
	since("2026-11-28x", -1);
	since("2026-11-28 ", -1);
	since("10:30:01x", -1);
	since("25:00", -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_those_of_ausearch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
