// SPDX-License-Identifier: GPL-2.0-only
/*
 * asconf add|primary accepted|connected NEW SERVER PORT CLIENT PORT
 *     two programs, in these domains, have an SCTP association over loopback, at 127.0.0.1 or ::1
 * and at these ports. The one that has accepted it, or has connected, tells the other end of an
 * address (RFC 5061, ASCONF). add: it binds to NEW now. primary: it has bound to NEW before, and
 * wants packets to go there. Port 0: the kernel chooses one, and the client is not bound before it
 * connects. Prints what the kernel says to the call, and then the addresses that the other end
 * knows, or the one that it sends to.
 *
 * Run it as kernel_t, which may enter domains. The sockets have the labels of the domains, and
 * kernel_t binds and connects them, so that a domain that may not do that can have such a socket.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
/* after what it needs */
#include <linux/sctp.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/sctp.h"

#define PEER_ADDRESSES 8
#define KSOFTIRQD_MS 20 /* it needs less to handle what it has */

struct asconf {
	bool primary, accepted;
	const char *address, *new;
	const char *server, *server_port, *client, *client_port;
};

/* Both ends have to speak ASCONF, and by RFC 5061 AUTH with it, before they connect. */
static void asconf_allow(int fd)
{
	const struct sctp_assoc_value on = { .assoc_value = 1 };

	errno = sctp_option(fd, SCTP_AUTH_SUPPORTED, &on, sizeof(on)) ?:
			sctp_option(fd, SCTP_ASCONF_SUPPORTED, &on, sizeof(on));
	if (errno)
		calls_die("ASCONF");
}

/* An address with the port of a socket, which the kernel may have chosen. */
static struct calls_place place_of_socket(int fd, const char *address)
{
	struct calls_place p = calls_place(address, "0");
	union address self;
	socklen_t len = sizeof(self);

	if (getsockname(fd, &self.any, &len))
		calls_die("getsockname");
	p.at.v4.sin_port = self.v4.sin_port;
	return p;
}

/* Returns 0 or errno. */
static int asconf_bindx(int fd, const char *address)
{
	struct calls_place p = place_of_socket(fd, address);

	return sctp_option(fd, SCTP_SOCKOPT_BINDX_ADD, &p.at, p.len);
}

static int asconf_prefer(int fd, const char *address)
{
	struct calls_place p = place_of_socket(fd, address);
	struct sctp_setpeerprim primary = { .sspp_assoc_id = sctp_association(fd) };

	memcpy(&primary.sspp_addr, &p.at, p.len);
	return sctp_option(fd, SCTP_SET_PEER_PRIMARY_ADDR, &primary, sizeof(primary));
}

/*
 * A socket with the label of a domain. It may have many associations, because one that is accepted
 * would not have the options.
 */
static struct ends asconf_open(const struct asconf *a, const char *domain, const char *port,
			       bool tells)
{
	struct ends e;

	calls_must_label_sockets(domain);
	e = sctp_ready("sctp_many", a->address, port, STAGE_OPEN);
	asconf_allow(e.listener);
	if (!strcmp(port, "0"))
		return e;
	if (bind(e.listener, &e.at.any, e.len))
		calls_die("bind");
	if (tells && a->primary && strcmp(a->new, a->address)) {
		errno = asconf_bindx(e.listener, a->new);
		if (errno)
			calls_die(a->new);
	}
	return e;
}

/* The addresses of the other end; their number. */
static uint32_t peer_addresses(int fd, union address list[PEER_ADDRESSES])
{
	struct {
		struct sctp_getaddrs head;
		uint8_t addresses[PEER_ADDRESSES * sizeof(struct sockaddr_in6)];
	} got = { .head.assoc_id = sctp_association(fd) };
	socklen_t len = sizeof(got);
	const uint8_t *at = got.head.addrs;

	if (getsockopt(fd, IPPROTO_SCTP, SCTP_GET_PEER_ADDRS, &got, &len))
		calls_die("SCTP_GET_PEER_ADDRS");
	for (uint32_t i = 0; i < got.head.addr_num; i++) {
		size_t size = ((const struct sockaddr *)at)->sa_family == AF_INET6 ?
				      sizeof(list[i].v6) :
				      sizeof(list[i].v4);

		memcpy(&list[i], at, size);
		at += size;
	}
	return got.head.addr_num;
}

static void address_print(const union address *a)
{
	char text[INET6_ADDRSTRLEN];

	printf(" %s", inet_ntop(a->any.sa_family,
				a->any.sa_family == AF_INET6 ? (const void *)&a->v6.sin6_addr :
							       (const void *)&a->v4.sin_addr,
				text, sizeof(text)));
}

/*
 * Tells of the address, and then sends a message: it arrives behind what the kernel has sent.
 *
 * The other socket is asked about the domain of who handles the packet. That is this program,
 * unless ksoftirqd is still at work, as it may be after the association on a busy host.
 */
static int asconf_tell(const struct asconf *a, int fd)
{
	union address to[PEER_ADDRESSES];
	int err, status;

	poll(NULL, 0, KSOFTIRQD_MS);
	err = a->primary ? asconf_prefer(fd, a->new) : asconf_bindx(fd, a->new);
	status = calls_say(a->primary ? "primary" : "add", "sctp_socket", err);
	peer_addresses(fd, to);
	if (sendto(fd, "x", 1, 0, &to[0].any,
		   to[0].any.sa_family == AF_INET6 ? sizeof(to[0].v6) : sizeof(to[0].v4)) != 1)
		calls_die("send");
	return status;
}

static void primary_print(int fd)
{
	struct sctp_prim primary = { .ssp_assoc_id = sctp_association(fd) };
	socklen_t len = sizeof(primary);
	union address at;

	if (getsockopt(fd, IPPROTO_SCTP, SCTP_PRIMARY_ADDR, &primary, &len))
		calls_die("SCTP_PRIMARY_ADDR");
	memcpy(&at.storage, &primary.ssp_addr, sizeof(at.storage));
	printf("sends to");
	address_print(&at);
}

/* Waits for the message, and prints what it knows of the other end then. */
static int asconf_hear(const struct asconf *a, int fd)
{
	union address list[PEER_ADDRESSES];

	errno = ETIMEDOUT;
	if (!calls_arrived(fd))
		calls_die("a message");
	if (a->primary) {
		primary_print(fd);
	} else {
		uint32_t n = peer_addresses(fd, list);

		printf("knows");
		for (uint32_t i = 0; i < n; i++)
			address_print(&list[i]);
	}
	printf("\n");
	return 0;
}

/* Lets the other program go on, and waits until it does the same. */
static void turn_give(int through)
{
	if (write(through, "", 1) != 1)
		calls_die("the other program");
}

static void turn_wait(int through)
{
	char byte;

	errno = EPIPE;
	if (read(through, &byte, 1) != 1)
		calls_die("the other program");
}

/* Who tells keeps the association until the other program has ended. */
static int asconf_act(const struct asconf *a, int fd, int through, bool tells)
{
	int status = tells ? asconf_tell(a, fd) : asconf_hear(a, fd);
	char byte;

	return tells && read(through, &byte, 1) ? 2 : status;
}

static int asconf_server(const struct asconf *a, int through)
{
	struct ends e = asconf_open(a, a->server, a->server_port, a->accepted);

	if (listen(e.listener, 1))
		calls_die("listen");
	turn_give(through);
	turn_wait(through);
	calls_enter(a->server);
	return asconf_act(a, e.listener, through, a->accepted);
}

static int asconf_client(const struct asconf *a, int through)
{
	struct ends e, to = sctp_ready("sctp_many", a->address, a->server_port, STAGE_NONE);

	turn_wait(through);
	e = asconf_open(a, a->client, a->client_port, !a->accepted);
	errno = sctp_connect_soon(e.listener, &to);
	if (errno)
		calls_die("connect");
	calls_enter(a->client);
	turn_give(through);
	return asconf_act(a, e.listener, through, !a->accepted);
}

static int asconf_run(int argc, char **argv)
{
	const struct asconf a = { .primary = !strcmp(argv[0], "primary"),
				  .accepted = !strcmp(argv[1], "accepted"),
				  .address = strchr(argv[2], ':') ? "::1" : "127.0.0.1",
				  .new = argv[2],
				  .server = argv[3],
				  .server_port = argv[4],
				  .client = argv[5],
				  .client_port = argv[6] };
	int ends[2];
	pid_t server, client;

	(void)argc;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		calls_die("socketpair");
	server = fork();
	if (server == 0) {
		close(ends[1]);
		exit(asconf_server(&a, ends[0]));
	}
	client = fork();
	if (client == 0) {
		close(ends[0]);
		exit(asconf_client(&a, ends[1]));
	}
	close(ends[0]);
	close(ends[1]);
	return calls_wait(server) | calls_wait(client);
}

const struct calls_word asconf_words[] = {
	{ "asconf", "add|primary accepted|connected NEW SERVER PORT CLIENT PORT", 7, asconf_run },
	{ NULL, NULL, 0, NULL },
};
