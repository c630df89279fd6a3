// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/role.h"
#include "runner/util.h"
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
static int fd_receive(int through)
{
	union control control = { 0 };
	char byte;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &data,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int fd = -1;

	if (recvmsg(through, &msg, MSG_CMSG_CLOEXEC) < 0)
		calls_die("SCM_RIGHTS");
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static void enter(const char *domain)
{
	char *context = process_context(domain);

	if (domain_enter(context))
		calls_die(context);
	free(context);
}

static int pass_wait(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

int fd_pass(const char *sender, const char *receiver, int (*give)(void *arg),
	    int (*use)(int fd, void *arg), void *arg)
{
	int ends[2], status;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends))
		calls_die("socketpair");
	pid = fork();
	if (pid == 0) {
		enter(sender);
		fd_send(ends[0], give(arg));
		exit(0);
	}
	status = pass_wait(pid);
	if (status)
		return status;
	pid = fork();
	if (pid == 0) {
		enter(receiver);
		exit(use(fd_receive(ends[1]), arg));
	}
	return pass_wait(pid);
}
