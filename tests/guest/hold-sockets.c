// SPDX-License-Identifier: GPL-2.0-only
/* hold-sockets PORT CONNECTIONS LISTENERS [UDP]: listens at that TCP port, and connects to it over
 * loopback so many times; listens at so many other ports, and has so many UDP sockets. Says
 * "ready", and then accepts what others connect to it. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int hold_need(int ret, const char *what)
{
	if (ret < 0) {
		perror(what);
		exit(1);
	}
	return ret;
}

static void wait_for_datagrams(void)
{
	const struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = hold_need(socket(AF_INET, SOCK_DGRAM, 0), "socket");

	hold_need(bind(fd, (const struct sockaddr *)&at, sizeof(at)), "bind");
}

static int listen_at(unsigned int port)
{
	const struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = hold_need(socket(AF_INET, SOCK_STREAM, 0), "socket"), one = 1;

	hold_need(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), "setsockopt");
	hold_need(bind(fd, (const struct sockaddr *)&at, sizeof(at)), "bind");
	hold_need(listen(fd, 128), "listen");
	return fd;
}

/* The program has both ends. */
static void connect_to(unsigned int port, int server)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(port),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = hold_need(socket(AF_INET, SOCK_STREAM, 0), "socket");

	hold_need(connect(fd, (const struct sockaddr *)&to, sizeof(to)), "connect");
	hold_need(accept(server, NULL, NULL), "accept");
}

int main(int argc, char **argv)
{
	const struct rlimit files = { 16384, 16384 };
	unsigned int port, i;
	int server;

	if (argc != 4 && argc != 5)
		return 2;
	port = atoi(argv[1]);
	hold_need(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
	server = listen_at(port);
	for (i = 0; i < (unsigned int)atoi(argv[2]); i++)
		connect_to(port, server);
	for (i = 0; i < (unsigned int)atoi(argv[3]); i++)
		listen_at(0);
	for (i = 0; argc == 5 && i < (unsigned int)atoi(argv[4]); i++)
		wait_for_datagrams();
	puts("ready");
	fflush(stdout);
	hold_need(close(STDOUT_FILENO), "close");
	for (;;)
		hold_need(accept(server, NULL, NULL), "accept");
}
