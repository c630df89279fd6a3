// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/kernel_log.h"

static char told[256];

static void note_line(void *arg, const char *text, size_t len)
{
	size_t used = strlen(told);

	(void)arg;
	snprintf(told + used, sizeof(told) - used, "%.*s|", (int)len, text);
}

/* A program may write what looks like a record: printf "<5>audit: ..." > /dev/kmsg */
static void what_programs_have_written_is_left_out(void **state)
{
	static const char *const records[] = {
		"5,1,100,-;audit: one\n SUBSYSTEM=x\n",
		"13,2,100,-;audit: a user\n",
		"30,3,100,-;audit: a daemon\n",
		"8,4,100,-;audit: an emergency of a user\n",
		"4294967301,5,100,-;audit: beyond 32 bits\n",
		"-3,6,100,-;audit: below\n",
		",7,100,-;audit: nothing\n",
		"8 no semicolon\n",
		"7,8,100,c;audit: two\n",
		"0,9,100,-,caller=T1;audit: three\n",
	};
	int fds[2];
	size_t i;

	(void)state;
	/* as /dev/kmsg, each read gets one of them */
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		assert_int_equal(write(fds[1], records[i], strlen(records[i])), strlen(records[i]));
	assert_int_equal(kernel_log_read(fds[0], note_line, NULL), 0);
	assert_string_equal(told, "audit: one|audit: two|audit: three|");
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_programs_have_written_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
