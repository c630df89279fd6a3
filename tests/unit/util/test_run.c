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
#include "util/run.h"

#define BIG 3000000

/* More than pipes hold, in both directions at once. */
static void much_goes_in_and_out(void **state)
{
	const char *const argv[] = { "sh", "-c", "tee /dev/stderr", NULL };
	char *text = malloc(BIG);
	struct run_result r;
	struct err err;

	(void)state;
	memset(text, 'x', BIG);
	assert_int_equal(run(argv, text, BIG, 30, &r, &err), 0);
	assert_int_equal(r.status, 0);
	assert_int_equal(r.out_len, BIG);
	assert_int_equal(r.err_len, BIG);
	assert_memory_equal(r.out, text, BIG);
	run_free(&r);
	free(text);
}

/* The command ends without reading, and this process gets no signal. */
static void what_is_not_read_is_no_error(void **state)
{
	const char *const argv[] = { "sh", "-c", "echo said; echo why >&2; exit 3", NULL };
	char *text = calloc(1, BIG);
	struct run_result r;
	struct err err;

	(void)state;
	assert_int_equal(run(argv, text, BIG, 30, &r, &err), 0);
	assert_int_equal(r.status, 3);
	assert_string_equal(r.out, "said\n");
	assert_string_equal(r.err, "why\n");
	run_free(&r);
	free(text);
}

static void a_signal_shows_in_the_status(void **state)
{
	const char *const argv[] = { "sh", "-c", "kill -9 $$", NULL };
	struct run_result r;
	struct err err;

	(void)state;
	assert_int_equal(run(argv, NULL, 0, 30, &r, &err), 0);
	assert_int_equal(r.status, 128 + 9);
	run_free(&r);
}

static void nobody_waits_for_ever(void **state)
{
	/* one that is silent, one that has closed its output */
	const char *const silent[] = { "tail", "-f", "/dev/null", NULL };
	const char *const closed[] = { "sh", "-c", "exec >&- 2>&-; kill -STOP $$", NULL };
	struct run_result r;
	struct err err;

	(void)state;
	assert_int_equal(run(silent, NULL, 0, 1, &r, &err), -ETIMEDOUT);
	assert_string_equal(err.what, "tail has not ended after 1 seconds");
	run_free(&r);
	assert_int_equal(run(closed, NULL, 0, 1, &r, &err), -ETIMEDOUT);
	run_free(&r);
}

static void a_missing_program_is_named(void **state)
{
	const char *const argv[] = { "no-such-program", NULL };
	struct run_result r;
	struct err err;

	(void)state;
	assert_int_equal(run(argv, NULL, 0, 30, &r, &err), -ENOENT);
	assert_string_equal(err.what, "no-such-program cannot be run: is it installed?");
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(much_goes_in_and_out),
		cmocka_unit_test(what_is_not_read_is_no_error),
		cmocka_unit_test(a_signal_shows_in_the_status),
		cmocka_unit_test(nobody_waits_for_ever),
		cmocka_unit_test(a_missing_program_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
