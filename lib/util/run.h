/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_RUN_H
#define SECMARK2_UTIL_RUN_H

#include <stddef.h>

struct err;

/* Added to the number of the signal that ended a program, as a shell does. */
#define RUN_SIGNALED 128

/* iptables-legacy-save prints up to 1,000,000 rules of a plan for each family, 100 bytes each. */
#define RUN_OUTPUT_MAX (256 << 20)

/* The result of a program. */
struct run_result {
	int status; /* exit status, or RUN_SIGNALED and the signal's number */
	char *out;  /* standard output and standard error, each with a NUL at its end */
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
 * @seconds: the program is killed after this time
 * @result:  filled; free it with run_free(), also after a failure
 * @err:     filled on failure
 *
 * The program gets the environment of this process, and is in a process group of its
 * own: Ctrl-C does not reach it. Returns 0 for every exit
 * status of the program, -ENOENT if there is no such program, -ETIMEDOUT, -EFBIG
 * if it prints more than RUN_OUTPUT_MAX bytes (it is killed), or another -errno.
 */
int run(const char *const argv[], const char *input, size_t len, unsigned int seconds,
	struct run_result *result, struct err *err);

/**
 * run_find - where is a program?
 * @program: its name, or a path
 *
 * Looks in PATH, /usr/sbin and /sbin, as run() does; an ordinary user's PATH lacks the last two.
 * Returns the path, which the caller frees; NULL if there is no such program.
 */
char *run_find(const char *program);

/* Frees its content. */
void run_free(struct run_result *result);

#endif
