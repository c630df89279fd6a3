// SPDX-License-Identifier: GPL-2.0-only
/* Logs that auditd renames. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/log_files.h"

static char folder[] = "/tmp/secmark2-logs.XXXXXX", path[64];
static struct log_files files;

static const char *log_named(int number)
{
	static char name[80];

	snprintf(name, sizeof(name), number ? "%s.%d" : "%s", path, number);
	return name;
}

/* The file was written last at that time. */
static void log_make(int number, time_t when)
{
	const struct timespec times[2] = { { when, 0 }, { when, 0 } };
	int fd = open(log_named(number), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

/* As auditd does; the log is not there yet. */
static void logs_rename(int n)
{
	char old[80];

	for (; n >= 0; n--) {
		strcpy(old, log_named(n));
		assert_int_equal(rename(old, log_named(n + 1)), 0);
	}
}

/* The numbers of the names, each with a comma behind it */
static const char *numbers(void)
{
	static char text[64];
	size_t i;

	*text = '\0';
	for (i = 0; i < files.n; i++) {
		assert_string_equal(files.v[i].name, log_named(files.v[i].number));
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%d,",
			 files.v[i].number);
	}
	return text;
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(strrchr(folder, '.'), ".XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/log", folder);
	return 0;
}

static int remove_folder(void **state)
{
	int i;

	(void)state;
	log_files_free(&files);
	for (i = 0; i < 9; i++)
		unlink(log_named(i));
	return rmdir(folder);
}

static void the_oldest_is_first(void **state)
{
	(void)state;
	assert_int_equal(log_files_find(path, 0, &files), -ENOENT);
	log_make(0, 3000);
	log_make(1, 2000);
	log_make(2, 1000);
	/* not one of auditd: there is no 3 */
	log_make(4, 500);
	assert_int_equal(log_files_find(path, 0, &files), 0);
	assert_string_equal(numbers(), "2,1,0,");
	log_files_free(&files);
	assert_int_equal(files.n, 0);
	assert_int_equal(log_files_find(path, 1500, &files), 0);
	assert_string_equal(numbers(), "1,0,");
	log_files_free(&files);
	/* the log itself is always one of them */
	assert_int_equal(log_files_find(path, 9000, &files), 0);
	assert_string_equal(numbers(), "0,");
}

static void a_file_is_found_under_its_new_name(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		log_make(i, 1000);
	assert_int_equal(log_files_find(path, 0, &files), 0);
	assert_true(log_files_follow(&files, 0));
	assert_string_equal(numbers(), "2,1,0,");
	logs_rename(2);
	/* between the old log and the new one */
	for (i = 0; i < 3; i++)
		assert_true(log_files_follow(&files, i));
	assert_string_equal(numbers(), "3,2,1,");
	/* twice, before anybody looks */
	log_make(0, 2000);
	logs_rename(3);
	log_make(0, 3000);
	logs_rename(4);
	log_make(0, 4000);
	for (i = 0; i < 3; i++)
		assert_true(log_files_follow(&files, i));
	assert_string_equal(numbers(), "5,4,3,");
	assert_int_equal(unlink(log_named(5)), 0);
	assert_false(log_files_follow(&files, 0));
	assert_true(log_files_follow(&files, 1));
}

static void older_files_are_enough(void **state)
{
	(void)state;
	log_make(1, 2000);
	log_make(2, 1000);
	assert_int_equal(log_files_find(path, 0, &files), 0);
	assert_string_equal(numbers(), "2,1,");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_oldest_is_first, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_file_is_found_under_its_new_name, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(older_files_are_enough, make_folder, remove_folder),
	};

	return cmocka_run_group_tests_name("log_files", tests, NULL, NULL);
}
