// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/calls.h"
#include "tools/fd_pass.h"

union control {
	struct cmsghdr align;
	char space[CMSG_SPACE(sizeof(int))];
};

static void fd_send(int through, int fd)
{
	union control control = { 0 };
	char byte = 0;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &data,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(through, &msg, 0) < 0)
		calls_die("SCM_RIGHTS");
}

/* The byte arrives in any case. */
static struct fd_passed fd_receive(int through)
{
	union control control = { 0 };
	char byte;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &data,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct fd_passed passed = { .fd = -1 };
	struct cmsghdr *c;

	if (recvmsg(through, &msg, MSG_CMSG_CLOEXEC) < 0)
		calls_die("SCM_RIGHTS");
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(passed.fd)))
		memcpy(&passed.fd, CMSG_DATA(c), sizeof(passed.fd));
	passed.truncated = msg.msg_flags & MSG_CTRUNC;
	return passed;
}

int fd_pass(const char *sender, const char *receiver, int (*give)(void *arg),
	    int (*use)(const struct fd_passed *passed, void *arg), void *arg)
{
	struct fd_passed passed;
	int ends[2], status;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends))
		calls_die("socketpair");
	pid = fork();
	if (pid == 0) {
		calls_enter(sender);
		fd_send(ends[0], give(arg));
		exit(0);
	}
	status = calls_wait(pid);
	if (status)
		return status;
	pid = fork();
	if (pid == 0) {
		calls_enter(receiver);
		passed = fd_receive(ends[1]);
		exit(use(&passed, arg));
	}
	return calls_wait(pid);
}

int fd_pass_say(const char *object, const struct fd_passed *passed)
{
	printf("pass %s %s%s\n", object,
	       passed->fd >= 0   ? "ok" :
	       passed->truncated ? "MSG_CTRUNC" :
				   "nothing",
	       passed->fd >= 0 && passed->truncated ? " MSG_CTRUNC" : "");
	return passed->fd < 0 || passed->truncated;
}
