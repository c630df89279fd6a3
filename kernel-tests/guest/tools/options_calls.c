// SPDX-License-Identifier: GPL-2.0-only
/*
 * options stream|datagram ADDRESS PORT
 *     tries to take NetLabel's label off its own sockets, which are connected with each other, and
 * prints what the kernel says to each step. stream: sets empty IP options on the client and on the
 * accepted socket. datagram: does that on a connected socket, disconnects it, does it again, and
 * then sends: what label does the receiver see?
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "net/peercon.h"
#include "tools/calls.h"

#define ARRIVE_MS 300 /* over loopback, on a busy host */

static int socket_bound(const struct calls_place *p, int type)
{
	int fd = socket(p->at.any.sa_family, type | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, &p->at.any, p->len))
		calls_die("bind");
	return fd;
}

static int socket_connected(const struct calls_place *p, int type)
{
	int fd = socket(p->at.any.sa_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, &p->at.any, p->len))
		calls_die("connect");
	return fd;
}

/* Without options, where NetLabel has put its label. Returns the errno, or 0. */
static int options_clear(int fd, int family)
{
	int err = family == AF_INET ? setsockopt(fd, IPPROTO_IP, IP_OPTIONS, NULL, 0) :
				      setsockopt(fd, IPPROTO_IPV6, IPV6_HOPOPTS, NULL, 0);

	return err ? errno : 0;
}

static void options_stream(const struct calls_place *p)
{
	int listener = socket_bound(p, SOCK_STREAM), client, accepted;

	if (listen(listener, 1))
		calls_die("listen");
	client = socket_connected(p, SOCK_STREAM);
	accepted = accept(listener, NULL, NULL);
	if (accepted < 0)
		calls_die("accept");
	calls_say("client", NULL, options_clear(client, p->at.any.sa_family));
	calls_say("accepted", NULL, options_clear(accepted, p->at.any.sa_family));
}

/* Empties the options of the client, sends to the server, and prints the label that arrives. */
static void options_send(const char *what, int client, int server, const struct calls_place *to)
{
	struct pollfd pfd = { .fd = server, .events = POLLIN };
	char byte = 0, peercon[PEERCON_MAX] = "nothing";
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);

	calls_say(what, NULL, options_clear(client, to->at.any.sa_family));
	if (!strcmp(what, "connected") ? send(client, &byte, 1, 0) != 1 :
					 sendto(client, &byte, 1, 0, &to->at.any, to->len) != 1)
		calls_die("send");
	if (poll(&pfd, 1, ARRIVE_MS) == 1)
		peercon_receive(server, &byte, 1, &from, &len, peercon);
	printf("received %s\n", peercon);
}

static void options_datagram(const struct calls_place *p)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	int server = socket_bound(p, SOCK_DGRAM), client = socket_connected(p, SOCK_DGRAM);

	peercon_ask(server);
	options_send("connected", client, server, p);
	calls_say("disconnect", NULL, connect(client, &nobody, sizeof(nobody)) ? errno : 0);
	options_send("disconnected", client, server, p);
}

static int options_run(int argc, char **argv)
{
	struct calls_place place = calls_place(argv[1], argv[2]);

	(void)argc;
	if (!strcmp(argv[0], "stream"))
		options_stream(&place);
	else
		options_datagram(&place);
	return 0;
}

const struct calls_word options_words[] = {
	{ "options", "stream|datagram ADDRESS PORT", 3, options_run },
	{ NULL, NULL, 0, NULL },
};
