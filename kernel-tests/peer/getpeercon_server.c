// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells each client which label the kernel knows of it, and prints it. The names of both programs
 * are those of the articles about labeled networking.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer/program.h"

struct server {
	const char *address; /* NULL: all */
	int port, count;     /* count: 0 for no end */
	bool udp, background;
	int fd;
};

static void server_usage(void)
{
	fputs("Usage: getpeercon_server [OPTION]... PORT\n"
	      "Waits for getpeercon_client on a TCP port, and prints the address and the label\n"
	      "of each client. \"none\": its packets bring no label. It tells the client, too.\n"
	      "PORT 0 is a free port.\n"
	      "\n"
	      "  -a, --address ADDRESS  listen on this address alone\n"
	      "  -b, --background       go to the background as soon as clients can connect\n"
	      "  -c, --count NUMBER     end after so many clients\n"
	      "  -u, --udp              datagrams instead of TCP connections. Over IPv6 they say\n"
	      "                         \"none\": the kernel has no option for that\n"
	      "  -h, --help             this text\n"
	      "\n"
	      "Exit status: 0 after --count clients, 1 if it cannot listen, 2 if the command line\n"
	      "has a mistake.\n",
	      stdout);
}

/* Listens at the place. Returns 0 or -1. */
static int server_try(struct server *s, const struct place *at)
{
	int on = 1;

	s->fd = socket(at->at.any.sa_family, (s->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return -1;
	setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (s->udp)
		peercon_ask(s->fd);
	if (bind(s->fd, &at->at.any, at->len) || (!s->udp && listen(s->fd, 16))) {
		close(s->fd);
		return -1;
	}
	return 0;
}

/* An IPv6 socket takes clients of IPv4, too; a kernel without IPv6 has IPv4 only. */
static void server_listen(struct server *s)
{
	struct place at = program_place(s->address ? s->address : "::", s->port);
	union address bound = { 0 };
	socklen_t len = sizeof(bound);
	int status = server_try(s, &at);

	if (status && !s->address && errno == EAFNOSUPPORT) {
		at = program_place("0.0.0.0", s->port);
		status = server_try(s, &at);
	}
	if (status)
		program_fail("cannot listen on port %d: %s", s->port, strerror(errno));
	getsockname(s->fd, &bound.any, &len);
	printf("port %d\n", ntohs(bound.v4.sin_port));
	fflush(stdout);
}

static void client_print(const struct sockaddr_storage *from, const char *label)
{
	char address[INET6_ADDRSTRLEN];

	program_print_address(from, address);
	printf("%s %s\n", address, label);
	fflush(stdout);
}

/* Returns whether a client came. */
static bool serve_stream(const struct server *s)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char label[PEERCON_MAX], question;
	int fd = accept4(s->fd, (struct sockaddr *)&from, &len, SOCK_CLOEXEC);
	bool asked;

	if (fd < 0)
		return false;
	program_patience(fd, PROGRAM_TIMEOUT);
	peercon_of_stream(fd, label);
	asked = recv(fd, &question, 1, 0) == 1;
	if (asked) {
		client_print(&from, label);
		/* a client that has gone has missed it */
		if (send(fd, label, strlen(label), MSG_NOSIGNAL) < 0)
			fprintf(stderr, "getpeercon_server: cannot answer: %s\n", strerror(errno));
	}
	close(fd);
	return asked;
}

static bool serve_datagram(const struct server *s)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char label[PEERCON_MAX], question;

	if (peercon_receive(s->fd, &question, 1, &from, &len, label) != 1)
		return false;
	client_print(&from, label);
	if (sendto(s->fd, label, strlen(label), 0, (struct sockaddr *)&from, len) < 0)
		fprintf(stderr, "getpeercon_server: cannot answer: %s\n", strerror(errno));
	return true;
}

static void server_options(struct server *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "address", required_argument, NULL, 'a' },
		{ "background", no_argument, NULL, 'b' },
		{ "count", required_argument, NULL, 'c' },
		{ "udp", no_argument, NULL, 'u' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int letter;

	while ((letter = getopt_long(argc, argv, "a:bc:uh", options, NULL)) != -1) {
		if (letter == 'h') {
			server_usage();
			exit(0);
		}
		if (letter == '?')
			exit(2);
		if (letter == 'a')
			s->address = optarg;
		if (letter == 'c')
			s->count = program_number(optarg, "count", 1, 1000000);
		s->background = s->background || letter == 'b';
		s->udp = s->udp || letter == 'u';
	}
	if (argc - optind != 1)
		program_misuse("expected PORT (--help says more)");
	s->port = program_number(argv[optind], "port", 0, 65535);
}

int main(int argc, char **argv)
{
	struct server s = { 0 };
	char own[PEERCON_MAX];
	pid_t child;

	server_options(&s, argc, argv);
	program_context(own);
	printf("this program %s\n", own);
	server_listen(&s);
	child = s.background ? fork() : 0;
	if (child < 0)
		program_fail("cannot go to the background: %s", strerror(errno));
	if (child > 0)
		return 0;
	for (int served = 0; !s.count || served < s.count;)
		served += s.udp ? serve_datagram(&s) : serve_stream(&s);
	return 0;
}
