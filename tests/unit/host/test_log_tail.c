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
#include <unistd.h>

#include <cmocka.h>

#include "host/log_tail.h"

static char folder[] = "/tmp/secmark2-tail.XXXXXX", path[64], old[64], told[256];
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

/* The lines since the last call. */
static const char *tail_reads(void)
{
	*told = '\0';
	assert_int_equal(log_tail_read(tail, take_tail_line, NULL), 0);
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
	log_write("before\n");
	return log_tail_open(path, &tail);
}

static int remove_log(void **state)
{
	(void)state;
	log_tail_close(tail);
	unlink(old);
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
	assert_string_equal(tail_reads(), "linked|");
	assert_int_equal(unlink(old), 0);
	append_text(old, "moved\n");
	assert_string_equal(tail_reads(), "");
	assert_int_equal(rename(old, path), 0);
	assert_true(tail_is_ready());
	assert_string_equal(tail_reads(), "moved|");
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
	/* auditd has its folder, and has not begun */
	assert_int_equal(log_tail_open(old, &none), -ENOENT);
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
		cmocka_unit_test_setup_teardown(no_log_is_an_error, make_log, remove_log),
	};

	return cmocka_run_group_tests_name("log_tail", tests, NULL, NULL);
}
