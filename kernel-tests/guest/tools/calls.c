// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-calls WORD ARGUMENT...: system calls of the kind that SELinux checks, and what the kernel
 * says to each. A line for each call: "bind tcp_socket ok", or "bind tcp_socket EACCES". The exit
 * status is 0 if all are ok, 1 if one is not, 2 if it did not get so far.
 *
 * A program of its own, so that it runs in the domain of its step.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/role.h"
#include "runner/util.h"
#include "tools/calls.h"

/* Nothing here waits for another machine; this is for a busy host. */
#define WHOLE_SECONDS 30
/* On this host a packet arrives before send() returns, unless another processor has it. */
#define ARRIVE_MS 300

static const struct calls_word *const all_words[] = {
	socket_words,     sctp_words,     tun_words,    netlink_words,   bpf_words,
	connection_words, register_words, record_words, multicast_words, target_words,
	options_words,    policy_words,   asconf_words, helper_words
};

int calls_say(const char *call, const char *object, int err)
{
	printf("%s%s%s %s\n", call, object ? " " : "", object ? object : "",
	       err ? strerrorname_np(err) : "ok");
	return err ? 1 : 0;
}

struct calls_place calls_place(const char *address, const char *port)
{
	struct calls_place p;

	p.len = address_read(&p.at.storage, address, atoi(port));
	errno = EINVAL;
	if (!p.len)
		calls_die(address);
	return p;
}

int calls_label_sockets(const char *domain)
{
	char *context = domain ? process_context(domain) : must_printf("\n");
	int err = -file_puts("/proc/self/attr/sockcreate", context);

	free(context);
	return err;
}

void calls_must_label_sockets(const char *domain)
{
	errno = calls_label_sockets(domain);
	if (errno)
		calls_die("sockcreate");
}

void calls_enter(const char *domain)
{
	char *context = process_context(domain);

	errno = -domain_enter(context);
	if (errno)
		calls_die(context);
	free(context);
}

int calls_wait(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

bool calls_arrived(int fd)
{
	struct pollfd polled = { fd, POLLIN, 0 };
	char text;

	return poll(&polled, 1, ARRIVE_MS) == 1 && recv(fd, &text, sizeof(text), 0) == 1;
}

void calls_die(const char *what)
{
	fprintf(stderr, "guest-calls: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int usage(void)
{
	for (size_t i = 0; i < N_ELEMENTS(all_words); i++)
		for (const struct calls_word *w = all_words[i]; w->name; w++)
			fprintf(stderr, "guest-calls %s %s\n", w->name, w->usage);
	return 2;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(WHOLE_SECONDS);
	for (size_t i = 0; argc > 1 && i < N_ELEMENTS(all_words); i++)
		for (const struct calls_word *w = all_words[i]; w->name; w++)
			if (!strcmp(w->name, argv[1]) && argc - 2 >= w->least)
				return w->run(argc - 2, argv + 2);
	return usage();
}
