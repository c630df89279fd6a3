// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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
	if (!text)
		fail_msg("no memory");
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

/* A program whose output never ends would take all memory. */
static void output_without_end_is_an_error(void **state)
{
	const char *const endless[] = { "yes", NULL };
	const char *const errors[] = { "sh", "-c", "exec yes >&2", NULL };
	const char *const most[] = { "head", "-c", "268435456", "/dev/zero", NULL };
	struct run_result r;
	struct err err;

	(void)state;
	assert_int_equal(run(endless, NULL, 0, 60, &r, &err), -EFBIG);
	assert_string_equal(err.what, "the output of yes is larger than 256 MiB");
	run_free(&r);
	assert_int_equal(run(errors, NULL, 0, 60, &r, &err), -EFBIG);
	assert_string_equal(err.what, "the output of sh is larger than 256 MiB");
	run_free(&r);
	assert_int_equal(run(most, NULL, 0, 60, &r, &err), 0);
	assert_int_equal(r.out_len, 256 << 20);
	run_free(&r);
}

/* Ctrl-C is for the group of this process. Half of a change would stay if a program ended. */
static void a_program_has_a_process_group_of_its_own(void **state)
{
	const char *const argv[] = { "cut", "-d ", "-f5", "/proc/self/stat", NULL };
	struct run_result r;
	struct err err;

	(void)state;
	assert_int_equal(run(argv, NULL, 0, 30, &r, &err), 0);
	assert_true(atoi(r.out) > 1);
	assert_int_not_equal(atoi(r.out), getpgrp());
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

/* SELinux judges each file that a program inherits. */
static void a_program_inherits_its_pipes_alone(void **state)
{
	/* the shell expands it without opening a file of its own that is still open later */
	const char *const argv[] = { "sh", "-c",
				     "for f in 0 1 2 3 4 5 6 7 8 9 10 11 12; do "
				     "[ ! -e /proc/$$/fd/$f ] || printf '%s ' $f; done",
				     NULL };
	int one = open("/dev/null", O_RDONLY), two = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct run_result r;
	struct err err;

	(void)state;
	assert_true(one >= 3 && two >= 3 && one < 12 && two < 12);
	assert_int_equal(run(argv, NULL, 0, 30, &r, &err), 0);
	assert_string_equal(r.out, "0 1 2 ");
	run_free(&r);
	close(one);
	close(two);
}

/* Locks a file, and runs a program that writes its number into the file and stays. */
__attribute__((noreturn)) static void run_with_a_lock(const char *path)
{
	const char *const argv[] = { "sh", "-c", "echo $$ > \"$0\"; exec tail -f /dev/null", path,
				     NULL };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct run_result r;
	struct err err;

	if (fd >= 0 && !flock(fd, LOCK_EX))
		run(argv, NULL, 0, 60, &r, &err);
	_exit(1);
}

static void test_run_pause(void)
{
	const struct timespec pause = { .tv_nsec = 10000000 };

	nanosleep(&pause, NULL);
}

/* Whoever runs a program that changes rules may be killed, and the program goes on. */
static void a_lock_lasts_as_long_as_the_program(void **state)
{
	char path[] = "/tmp/test_run.XXXXXX", number[32] = "";
	int fd = mkstemp(path), tries;
	pid_t pid = fork();

	(void)state;
	assert_true(fd >= 0);
	if (pid == 0)
		run_with_a_lock(path);
	for (tries = 0; tries < 3000 && !strchr(number, '\n'); tries++) {
		test_run_pause();
		assert_true(pread(fd, number, sizeof(number) - 1, 0) >= 0);
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	assert_true(atoi(number) > 1);
	kill(atoi(number), SIGKILL);
	for (tries = 0; tries < 3000 && flock(fd, LOCK_EX | LOCK_NB); tries++)
		test_run_pause();
	assert_true(tries < 3000);
	unlink(path);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(much_goes_in_and_out),
		cmocka_unit_test(what_is_not_read_is_no_error),
		cmocka_unit_test(a_signal_shows_in_the_status),
		cmocka_unit_test(nobody_waits_for_ever),
		cmocka_unit_test(output_without_end_is_an_error),
		cmocka_unit_test(a_program_has_a_process_group_of_its_own),
		cmocka_unit_test(a_missing_program_is_named),
		cmocka_unit_test(a_program_inherits_its_pipes_alone),
		cmocka_unit_test(a_lock_lasts_as_long_as_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
