// SPDX-License-Identifier: GPL-2.0-only
/*
 * A system call on a socket of each kind. The calls that must come before it are made before it, in
 * the same domain: a domain that lacks one permission can make them.
 *
 * A kind that listens has three sockets: one listens at ADDRESS and PORT, one connects to it, and
 * one is accepted. Any other kind has one socket, which is bound to ADDRESS, and connected to
 * itself.
 */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/util.h"
#include "tools/socket_ends.h"
#include "tools/socket_kinds.h"

static int result(int status)
{
	return status < 0 ? errno : 0;
}

static int open_socket(const struct ends *e, int *fd)
{
	*fd = socket_kind_open(e->kind, e->at.any.sa_family == AF_INET6);
	return *fd < 0 ? -*fd : 0;
}

static int act_create(struct ends *e)
{
	return open_socket(e, &e->listener);
}

static int act_bind(struct ends *e)
{
	return result(bind(e->listener, &e->at.any, e->len));
}

/* Zeros of no family are any IPv4 address. IPv6 wants as many bytes as its own have. */
static int act_bind_unspec(struct ends *e)
{
	struct sockaddr_in6 none = { .sin6_family = AF_UNSPEC, .sin6_port = e->at.v4.sin_port };

	return result(bind(e->listener, (struct sockaddr *)&none, e->len));
}

static int act_listen(struct ends *e)
{
	return result(listen(e->listener, 5));
}

static int act_connect(struct ends *e)
{
	return result(connect(e->client, &e->at.any, e->len));
}

/* connect(2): "connectionless sockets may dissolve the association"; TCP does as well. */
static int act_disconnect(struct ends *e)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	return result(connect(e->client, &none, sizeof(none)));
}

static int act_fastopen(struct ends *e)
{
	return result(sendto(e->client, "x", 1, MSG_FASTOPEN, &e->at.any, e->len));
}

static int act_accept(struct ends *e)
{
	e->server = accept4(e->listener, NULL, NULL, SOCK_CLOEXEC);
	return result(e->server);
}

static int act_send(struct ends *e)
{
	/* an echo request, so that the kernel answers */
	const struct icmphdr echo = { .type = e->at.any.sa_family == AF_INET6 ? ICMP6_ECHO_REQUEST :
										ICMP_ECHO };

	return result(send(e->client, &echo, sizeof(echo), MSG_NOSIGNAL));
}

static int act_recv(struct ends *e)
{
	char buf[256];

	return result(recv(e->server, buf, sizeof(buf), 0));
}

static int act_getsockname(struct ends *e)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	return result(getsockname(e->listener, (struct sockaddr *)&ss, &len));
}

static int act_getpeername(struct ends *e)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	return result(getpeername(e->client, (struct sockaddr *)&ss, &len));
}

static int act_fstat(struct ends *e)
{
	struct stat st;

	return result(fstat(e->listener, &st));
}

static int act_fchmod(struct ends *e)
{
	return result(fchmod(e->listener, 0600));
}

static int act_getsockopt(struct ends *e)
{
	int value;
	socklen_t len = sizeof(value);

	return result(getsockopt(e->listener, SOL_SOCKET, SO_TYPE, &value, &len));
}

static int act_setsockopt(struct ends *e)
{
	int on = 1;

	return result(setsockopt(e->listener, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)));
}

static int act_shutdown(struct ends *e)
{
	return result(shutdown(e->client, SHUT_WR));
}

static const struct socket_call calls[] = {
	{ "create", STAGE_NONE, act_create },
	{ "bind", STAGE_OPEN, act_bind },
	{ "bind-unspec", STAGE_OPEN, act_bind_unspec },
	{ "listen", STAGE_BOUND, act_listen },
	{ "connect", STAGE_LISTENS, act_connect },
	{ "fastopen", STAGE_LISTENS, act_fastopen },
	{ "disconnect", STAGE_CONNECTED, act_disconnect },
	{ "accept", STAGE_CONNECTED, act_accept },
	{ "send", STAGE_ACCEPTED, act_send },
	{ "recv", STAGE_SENT, act_recv },
	{ "getsockname", STAGE_OPEN, act_getsockname },
	{ "getpeername", STAGE_CONNECTED, act_getpeername },
	{ "fstat", STAGE_OPEN, act_fstat },
	{ "fchmod", STAGE_OPEN, act_fchmod },
	{ "getsockopt", STAGE_OPEN, act_getsockopt },
	{ "setsockopt", STAGE_OPEN, act_setsockopt },
	{ "shutdown", STAGE_CONNECTED, act_shutdown },
};

/* What leads from each stage to the next one */
static int stage_next(struct ends *e, enum stage stage)
{
	bool listens = e->kind->flags & KIND_LISTENS;

	switch (stage) {
	case STAGE_NONE:
		return act_create(e);
	case STAGE_OPEN:
		return act_bind(e);
	case STAGE_BOUND:
		e->client = e->server = e->listener;
		return !listens ? 0 : act_listen(e) ?: open_socket(e, &e->client);
	case STAGE_LISTENS:
		return act_connect(e);
	case STAGE_CONNECTED:
		return listens ? act_accept(e) : 0;
	default:
		return act_send(e);
	}
}

/* The client first: what remains of a TCP connection then remains at its port. */
void ends_close(struct ends *e)
{
	if (e->client != e->listener)
		close(e->client);
	if (e->server != e->listener)
		close(e->server);
	close(e->listener);
}

const struct socket_call *socket_call_find(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(calls); i++)
		if (!strcmp(calls[i].name, name))
			return &calls[i];
	return NULL;
}

int ends_init(struct ends *e, const char *kind, const char *address, const char *port)
{
	*e = (struct ends){
		.kind = socket_kind_find(kind), .listener = -1, .client = -1, .server = -1
	};
	if (!e->kind)
		return EINVAL;
	e->len = address_read(&e->at.storage, address,
			      e->kind->flags & KIND_PORTS ? atoi(port) : 0);
	return e->len ? 0 : EINVAL;
}

int ends_advance(struct ends *e, enum stage stage)
{
	int err = 0;

	while (!err && e->stage < stage) {
		err = stage_next(e, e->stage);
		e->stage += !err;
	}
	return err;
}
