// SPDX-License-Identifier: GPL-2.0-only
/* A record is written only if it can be read again. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "load/state.h"
#include "support/long_text.h"

/* A folder that is open, as after state_lock() */
static void open_folder(struct state_lock *lock)
{
	*lock = (struct state_lock){ .path = "/tmp/test_state.XXXXXX" };
	assert_non_null(mkdtemp(lock->path));
	lock->fd = open(lock->path, O_RDONLY | O_DIRECTORY);
	assert_true(lock->fd >= 0);
}

static void a_record_that_is_too_long_to_be_read_is_not_written(void **state)
{
	struct load_state record = { .plan_name = (char *)"plan", .backend = (char *)"nft" };
	struct state_lock lock;
	struct err err;

	(void)state;
	open_folder(&lock);
	record.plan_text = long_text(FILE_SIZE_MAX);
	assert_int_equal(state_begin(&lock, &record, &err), -EFBIG);
	assert_non_null(strstr(err.what, "/new: larger than 64 MiB"));
	/* nothing is in it */
	assert_int_equal(rmdir(lock.path), 0);
	free(record.plan_text);
	close(lock.fd);
}

static void the_longest_record_is_written(void **state)
{
	struct load_state record = { .plan_name = (char *)"plan", .backend = (char *)"nft" };
	struct state_lock lock;
	struct err err;

	(void)state;
	open_folder(&lock);
	/* and the rest of the record */
	record.plan_text = long_text(FILE_SIZE_MAX - 1000);
	assert_int_equal(state_begin(&lock, &record, &err), 0);
	assert_int_equal(unlinkat(lock.fd, "new", 0), -1);
	assert_int_equal(unlinkat(lock.fd, "begun", 0), 0);
	assert_int_equal(rmdir(lock.path), 0);
	free(record.plan_text);
	close(lock.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_that_is_too_long_to_be_read_is_not_written),
		cmocka_unit_test(the_longest_record_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
