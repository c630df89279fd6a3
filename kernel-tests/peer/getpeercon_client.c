// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks getpeercon_server which label it knows of this program, and prints it beside the label that
 * this program knows of the server. The names of both programs are those of the articles about
 * labeled networking.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "peer/program.h"

static void client_usage(void)
{
	fputs("Usage: getpeercon_client [OPTION]... ADDRESS PORT\n"
	      "Talks to getpeercon_server, and prints three labels: its own, the one that it\n"
	      "knows of the server, and the one that the server knows of it. \"none\": the\n"
	      "packets bring no label.\n"
	      "\n"
	      "  -u, --udp              a datagram instead of a TCP connection. Over IPv6 it\n"
	      "                         says \"none\": the kernel has no option for that\n"
	      "  -t, --timeout SECONDS  how long to wait for an answer (5)\n"
	      "  -h, --help             this text\n"
	      "\n"
	      "Exit status: 0 with an answer, 1 without one, 2 if the command line has a\n"
	      "mistake.\n",
	      stdout);
}

static void __attribute__((noreturn)) client_waited(int timeout)
{
	program_fail("no answer within %d second%s; \"ausearch -m avc -ts recent\" tells if "
		     "SELinux denied it",
		     timeout, timeout == 1 ? "" : "s");
}

/* Asks, and fills what the server says and what the kernel says of the server. */
static void client_ask(int fd, bool udp, int timeout, char answer[PEERCON_MAX],
		       char peer[PEERCON_MAX])
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	ssize_t n;

	if (udp)
		peercon_ask(fd);
	if (send(fd, "?", 1, MSG_NOSIGNAL) != 1)
		program_fail("cannot send: %s", strerror(errno));
	if (udp)
		n = peercon_receive(fd, answer, PEERCON_MAX - 1, &from, &len, peer);
	else
		n = recv(fd, answer, PEERCON_MAX - 1, MSG_WAITALL);
	if (n < 0 && errno == EAGAIN)
		client_waited(timeout);
	if (n <= 0)
		program_fail("no answer: %s", n ? strerror(errno) : "the server has hung up");
	answer[n] = '\0';
	if (!udp)
		peercon_of_stream(fd, peer);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "udp", no_argument, NULL, 'u' },
		{ "timeout", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	char own[PEERCON_MAX], peer[PEERCON_MAX], answer[PEERCON_MAX];
	int fd, letter, timeout = PROGRAM_TIMEOUT;
	struct place to;
	bool udp = false;

	while ((letter = getopt_long(argc, argv, "ut:h", options, NULL)) != -1) {
		if (letter == 'h') {
			client_usage();
			return 0;
		}
		if (letter == '?')
			return 2;
		if (letter == 't')
			timeout = program_number(optarg, "timeout", 1, 3600);
		udp = udp || letter == 'u';
	}
	if (argc - optind != 2)
		program_misuse("expected ADDRESS PORT (--help says more)");
	to = program_place(argv[optind], program_number(argv[optind + 1], "port", 1, 65535));
	program_context(own);
	fd = socket(to.at.any.sa_family, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	if (fd < 0)
		program_fail("cannot make a socket: %s", strerror(errno));
	program_patience(fd, timeout);
	if (connect(fd, &to.at.any, to.len)) {
		if (errno == EINPROGRESS)
			client_waited(timeout);
		program_fail("cannot connect: %s", strerror(errno));
	}
	client_ask(fd, udp, timeout, answer, peer);
	printf("this program:             %s\n"
	       "the server:               %s\n"
	       "the server sees it as:    %s\n",
	       own, peer, answer);
	return 0;
}
