// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

#include "host/log_tail.h"

static char folder[] = "/tmp/secmark2-tail.XXXXXX", path[64], old[64], older[64], told[256];
static struct log_tail *tail;

static void take_tail_line(void *arg, const char *text, size_t len)
{
	size_t used = strlen(told);

	(void)arg;
	snprintf(told + used, sizeof(told) - used, "%.*s|", (int)len, text);
}

static void append_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void log_write(const char *text)
{
	append_text(path, text);
}

/* The lines since the last call; "..." follows if some may be missing. */
static const char *tail_reads(void)
{
	int ret;

	*told = '\0';
	ret = log_tail_read(tail, take_tail_line, NULL);
	assert_in_range(ret, 0, 1);
	if (ret)
		strcat(told, "...");
	return told;
}

static bool tail_is_ready(void)
{
	struct pollfd pfd = { .fd = log_tail_fd(tail), .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

static int make_log(void **state)
{
	(void)state;
	strcpy(strrchr(folder, '.'), ".XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/log", folder);
	snprintf(old, sizeof(old), "%s/log.1", folder);
	snprintf(older, sizeof(older), "%s/log.2", folder);
	log_write("before\n");
	return log_tail_open(path, &tail);
}

static int remove_log(void **state)
{
	(void)state;
	log_tail_close(tail);
	unlink(old);
	unlink(older);
	unlink(path);
	return rmdir(folder);
}

static void new_lines_are_read(void **state)
{
	(void)state;
	assert_false(tail_is_ready());
	assert_string_equal(tail_reads(), "");
	log_write("one\ntw");
	assert_true(tail_is_ready());
	assert_string_equal(tail_reads(), "one|");
	assert_false(tail_is_ready());
	log_write("o\n\nthree\n");
	assert_string_equal(tail_reads(), "two||three|");
}

/* auditd calls audit.log audit.log.1, and begins a new one */
static void a_new_log_is_read(void **state)
{
	(void)state;
	log_write("one\n");
	assert_int_equal(rename(path, old), 0);
	assert_string_equal(tail_reads(), "one|");
	log_write("two\n");
	assert_true(tail_is_ready());
	assert_string_equal(tail_reads(), "two|");
	log_write("three\n");
	assert_int_equal(rename(path, old), 0);
	log_write("four\n");
	assert_string_equal(tail_reads(), "three|four|");
}

/* Other daemons, and administrators, put a whole file there. */
static void a_log_that_is_put_there_is_read(void **state)
{
	(void)state;
	append_text(old, "linked\n");
	assert_int_equal(unlink(path), 0);
	assert_string_equal(tail_reads(), "");
	assert_int_equal(link(old, path), 0);
	assert_true(tail_is_ready());
	/* what was deleted may have been rotated away */
	assert_string_equal(tail_reads(), "linked|...");
	assert_int_equal(unlink(old), 0);
	append_text(old, "moved\n");
	assert_string_equal(tail_reads(), "");
	assert_int_equal(rename(old, path), 0);
	assert_true(tail_is_ready());
	assert_string_equal(tail_reads(), "moved|...");
}

/* The disk was full, for example. */
static void the_rest_of_a_log_is_no_part_of_the_next(void **state)
{
	char *text = malloc(20001);

	(void)state;
	assert_non_null(text);
	log_write("one\ntw");
	assert_int_equal(rename(path, old), 0);
	log_write("o\nthree\n");
	assert_string_equal(tail_reads(), "one|o|three|");
	memset(text, 'x', 20000);
	text[20000] = '\0';
	log_write(text);
	assert_string_equal(tail_reads(), "");
	assert_int_equal(rename(path, old), 0);
	log_write("four\nfive\n");
	assert_string_equal(tail_reads(), "four|five|");
	free(text);
}

/* auditd is faster than who reads. */
static void logs_between_are_read(void **state)
{
	(void)state;
	log_write("one\n");
	assert_int_equal(rename(path, old), 0);
	log_write("two\n");
	assert_int_equal(rename(old, older), 0);
	assert_int_equal(rename(path, old), 0);
	log_write("three\n");
	assert_string_equal(tail_reads(), "one|two|three|");
	assert_int_equal(unlink(older), 0);
	assert_int_equal(rename(old, older), 0);
	assert_int_equal(rename(path, old), 0);
	log_write("four\n");
	assert_string_equal(tail_reads(), "four|");
}

/* One of them is deleted before it is read. */
static void a_missing_log_is_noticed(void **state)
{
	(void)state;
	assert_int_equal(rename(path, older), 0);
	log_write("new\n");
	assert_string_equal(tail_reads(), "new|...");
}

static void an_emptied_log_is_read_from_its_beginning(void **state)
{
	(void)state;
	log_write("one\ntwo\nthr");
	assert_string_equal(tail_reads(), "one|two|");
	assert_int_equal(truncate(path, 0), 0);
	log_write("four\n");
	assert_true(tail_is_ready());
	assert_string_equal(tail_reads(), "four|...");
	log_write("five\n");
	assert_string_equal(tail_reads(), "five|");
}

static void a_log_that_begins_later_is_read(void **state)
{
	(void)state;
	log_tail_close(tail);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(log_tail_open(path, &tail), 0);
	assert_string_equal(tail_reads(), "");
	log_write("one\n");
	assert_true(tail_is_ready());
	assert_string_equal(tail_reads(), "one|");
}

/* A new log that cannot be read is no reason to follow the old one for ever. */
static void what_is_no_log_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(rename(path, old), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(log_tail_read(tail, take_tail_line, NULL), -EISDIR);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink(path, path), 0);
	assert_int_equal(log_tail_read(tail, take_tail_line, NULL), -ELOOP);
	assert_int_equal(unlink(path), 0);
	assert_string_equal(tail_reads(), "");
}

int __real_inotify_add_watch(int fd, const char *name, uint32_t mask);
int __wrap_inotify_add_watch(int fd, const char *name, uint32_t mask);

static bool no_watch;

int __wrap_inotify_add_watch(int fd, const char *name, uint32_t mask)
{
	if (!no_watch)
		return __real_inotify_add_watch(fd, name, mask);
	errno = EACCES;
	return -1;
}

/* SELinux lets nobody watch the folder: then it is looked at each second. */
static void a_log_that_nobody_may_watch_is_read(void **state)
{
	struct pollfd pfd = { .events = POLLIN };

	(void)state;
	log_tail_close(tail);
	no_watch = true;
	assert_int_equal(log_tail_open(path, &tail), 0);
	no_watch = false;
	log_write("one\n");
	pfd.fd = log_tail_fd(tail);
	assert_int_equal(poll(&pfd, 1, 10000), 1);
	assert_string_equal(tail_reads(), "one|");
	assert_false(tail_is_ready());
}

static void a_long_line_is_left_out(void **state)
{
	char *text = malloc(40001);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 40000);
	text[40000] = '\0';
	log_write(text);
	assert_string_equal(tail_reads(), "");
	log_write("end\nnext\n");
	assert_string_equal(tail_reads(), "next|");
	free(text);
}

static void no_log_is_an_error(void **state)
{
	struct log_tail *none;

	(void)state;
	assert_int_equal(log_tail_open("/nonexistent/log", &none), -ENOENT);
	assert_int_equal(log_tail_open(folder, &none), -EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(new_lines_are_read, make_log, remove_log),
		cmocka_unit_test_setup_teardown(a_new_log_is_read, make_log, remove_log),
		cmocka_unit_test_setup_teardown(a_long_line_is_left_out, make_log, remove_log),
		cmocka_unit_test_setup_teardown(a_log_that_is_put_there_is_read, make_log,
						remove_log),
		cmocka_unit_test_setup_teardown(the_rest_of_a_log_is_no_part_of_the_next, make_log,
						remove_log),
		cmocka_unit_test_setup_teardown(logs_between_are_read, make_log, remove_log),
		cmocka_unit_test_setup_teardown(a_missing_log_is_noticed, make_log, remove_log),
		cmocka_unit_test_setup_teardown(an_emptied_log_is_read_from_its_beginning, make_log,
						remove_log),
		cmocka_unit_test_setup_teardown(a_log_that_begins_later_is_read, make_log,
						remove_log),
		cmocka_unit_test_setup_teardown(what_is_no_log_is_an_error, make_log, remove_log),
		cmocka_unit_test_setup_teardown(a_log_that_nobody_may_watch_is_read, make_log,
						remove_log),
		cmocka_unit_test_setup_teardown(no_log_is_an_error, make_log, remove_log),
	};

	return cmocka_run_group_tests_name("log_tail", tests, NULL, NULL);
}
