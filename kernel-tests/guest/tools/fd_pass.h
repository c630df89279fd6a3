/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_FD_PASS_H
#define GUEST_FD_PASS_H

/*
 * In a process of the domain sender: give() returns a descriptor, which is passed by SCM_RIGHTS. In
 * another one, of the domain receiver: use() gets it, or -1 if the kernel did not let it through.
 * Returns the exit status that use() has returned, or 2. This process has to be kernel_t.
 */
int fd_pass(const char *sender, const char *receiver, int (*give)(void *arg),
	    int (*use)(int fd, void *arg), void *arg);

#endif
