/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_RUN_H
#define SECMARK2_UTIL_RUN_H

#include <stddef.h>

struct err;

/* Added to the signal's number where one ended a program, as by a shell. */
#define RUN_SIGNALED 128

/* What a program left behind. */
struct run_result {
	int status; /* exit status, or RUN_SIGNALED and the signal's number */
	char *out;  /* standard output and standard error, each with a NUL behind it */
	size_t out_len;
	char *err;
	size_t err_len;
};

/**
 * run - run a program and wait for its end
 * @argv:    the program and its arguments, then NULL; looked for in PATH, /usr/sbin and /sbin; no
 * shell
 * @input:   its standard input, or NULL
 * @len:     the length of @input in bytes
 * @seconds: after so many it is killed
 * @result:  where to; end it with run_free(), also after a failure
 * @err:     filled on failure
 *
 * The program gets this one's environment. Returns 0 whatever its exit status
 * is, -ENOENT where there is no such program, -ETIMEDOUT, or another -errno.
 */
int run(const char *const argv[], const char *input, size_t len, unsigned int seconds,
	struct run_result *result, struct err *err);

/* Frees what is in it. */
void run_free(struct run_result *result);

#endif
