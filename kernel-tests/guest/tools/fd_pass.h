/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_FD_PASS_H
#define GUEST_FD_PASS_H

#include <stdbool.h>

/* What a receiver got. */
struct fd_passed {
	int fd;         /* -1: none */
	bool truncated; /* the kernel says MSG_CTRUNC: it left a descriptor out */
};

/*
 * In a process of the domain sender: give() returns a descriptor, which is passed by SCM_RIGHTS. In
 * another one, of the domain receiver: use() gets what came of it. Returns the exit status that
 * use() has returned, or 2. This process has to be kernel_t.
 */
int fd_pass(const char *sender, const char *receiver, int (*give)(void *arg),
	    int (*use)(const struct fd_passed *passed, void *arg), void *arg);

/*
 * Prints "pass OBJECT ok", "pass OBJECT MSG_CTRUNC" if the kernel left the descriptor out and says
 * so, "pass OBJECT nothing" if it does not say so, or "pass OBJECT ok MSG_CTRUNC" if both came.
 * Returns the exit status: 0 for ok alone, else 1.
 */
int fd_pass_say(const char *object, const struct fd_passed *passed);

#endif
