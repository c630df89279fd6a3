// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-options stream|datagram ADDRESS PORT: tries to take NetLabel's label off its own sockets,
 * which are connected with each other, and prints what the kernel says to each step.
 *
 *     stream     sets empty IP options on the client and on the accepted socket
 *     datagram   does that on a connected socket, disconnects it, does it again, and then sends:
 * what label does the receiver see?
 *
 * A program of its own, so that it runs in the domain of its step.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/peercon.h"

#define ARRIVE_MS 300 /* over loopback, on a busy host */

struct place {
	struct sockaddr_storage ss;
	socklen_t len;
};

static void options_say(const char *what, int err)
{
	printf("%s %s\n", what, err ? strerrorname_np(err) : "ok");
}

static int options_die(const char *what)
{
	perror(what);
	exit(1);
}

/* Returns 0, or -1 if the text is no address. */
static int place_read(struct place *p, const char *address, const char *port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&p->ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&p->ss;

	memset(p, 0, sizeof(*p));
	p->len = strchr(address, ':') ? sizeof(*v6) : sizeof(*v4);
	p->ss.ss_family = strchr(address, ':') ? AF_INET6 : AF_INET;
	/* the port is at the same place for both families */
	v4->sin_port = htons(atoi(port));
	return inet_pton(p->ss.ss_family, address,
			 p->ss.ss_family == AF_INET ? (void *)&v4->sin_addr :
						      (void *)&v6->sin6_addr) == 1 ?
		       0 :
		       -1;
}

static int socket_bound(const struct place *p, int type)
{
	int fd = socket(p->ss.ss_family, type | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (const struct sockaddr *)&p->ss, p->len))
		options_die("bind");
	return fd;
}

static int socket_connected(const struct place *p, int type)
{
	int fd = socket(p->ss.ss_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&p->ss, p->len))
		options_die("connect");
	return fd;
}

/* Without options, where NetLabel has put its label. Returns the errno, or 0. */
static int options_clear(int fd, int family)
{
	int err = family == AF_INET ? setsockopt(fd, IPPROTO_IP, IP_OPTIONS, NULL, 0) :
				      setsockopt(fd, IPPROTO_IPV6, IPV6_HOPOPTS, NULL, 0);

	return err ? errno : 0;
}

static void options_stream(const struct place *p)
{
	int listener = socket_bound(p, SOCK_STREAM), client, accepted;

	if (listen(listener, 1))
		options_die("listen");
	client = socket_connected(p, SOCK_STREAM);
	accepted = accept(listener, NULL, NULL);
	if (accepted < 0)
		options_die("accept");
	options_say("client", options_clear(client, p->ss.ss_family));
	options_say("accepted", options_clear(accepted, p->ss.ss_family));
}

/* Empties the options of the client, sends to the server, and prints the label that arrives. */
static void options_send(const char *what, int client, int server, const struct place *to)
{
	struct pollfd pfd = { .fd = server, .events = POLLIN };
	char byte = 0, peercon[PEERCON_MAX] = "nothing";
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);

	options_say(what, options_clear(client, to->ss.ss_family));
	if (!strcmp(what, "connected") ?
		    send(client, &byte, 1, 0) != 1 :
		    sendto(client, &byte, 1, 0, (const struct sockaddr *)&to->ss, to->len) != 1)
		options_die("send");
	if (poll(&pfd, 1, ARRIVE_MS) == 1)
		peercon_receive(server, &byte, 1, &from, &len, peercon);
	printf("received %s\n", peercon);
}

static void options_datagram(const struct place *p)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	int server = socket_bound(p, SOCK_DGRAM), client = socket_connected(p, SOCK_DGRAM);

	peercon_ask(server);
	options_send("connected", client, server, p);
	options_say("disconnect", connect(client, &nobody, sizeof(nobody)) ? errno : 0);
	options_send("disconnected", client, server, p);
}

int main(int argc, char **argv)
{
	bool stream = argc == 4 && !strcmp(argv[1], "stream");
	struct place place;

	if (argc != 4 || (!stream && strcmp(argv[1], "datagram")) ||
	    place_read(&place, argv[2], argv[3])) {
		fprintf(stderr, "usage: guest-options stream|datagram ADDRESS PORT\n");
		return 2;
	}
	if (stream)
		options_stream(&place);
	else
		options_datagram(&place);
	return 0;
}
