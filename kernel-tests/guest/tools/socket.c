// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-socket WORD ADDRESS PORT [FROM]: sends one thing, and says what the other end, or a router,
 * answers: "answer ECONNREFUSED", "answer RST". Exits with 0 then. "answer none" and "error EACCES"
 * (what the kernel says to a system call) are failures: it exits with 1.
 *
 *     connect       a connection to a TCP port; the kernel sends its first segment
 *     send          a datagram to a UDP port
 *     send-only     as send, where nobody could answer: it says "answer sent"
 *     send-options  as send, with destination options of IPv6
 *     send-long     as send, with more than fits in one packet
 *     syn           a first TCP segment that belongs to no socket here, from port FROM
 *     fin           as syn, a last one
 *
 * The kernel sends a segment of a socket again if nobody answers. These it sends once.
 *
 * A program of its own, so that it runs in the domain of its step.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/address.h"
#include "tools/checksum.h"

/* Packets between namespaces of one machine arrive at once; this is for a busy host. */
#define ANSWER_MS 300

struct ends {
	union address to;
	socklen_t len;
	int from_port;
};

/* Returns 0, or -1 if the text is no address. */
static int ends_read(struct ends *e, const char *address, const char *port, const char *from)
{
	e->from_port = from ? atoi(from) : 0;
	e->len = address_read(&e->to.storage, address, atoi(port));
	return e->len ? 0 : -1;
}

static int opened(const struct ends *e, int type)
{
	int fd = socket(e->to.any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0) {
		perror("guest-socket: socket");
		exit(1);
	}
	return fd;
}

/* Waits for one of the events, or an ICMP error. */
static bool answered(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, ANSWER_MS) == 1;
}

/* The error that the answer is, or @good if it is none. */
static const char *socket_answer(int fd, short events, const char *good)
{
	int err = 0;
	socklen_t len = sizeof(err);

	if (!answered(fd, events))
		return NULL;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return err ? strerrorname_np(err) : good;
}

static int tcp_connect(const struct ends *e, const char **said)
{
	int fd = opened(e, SOCK_STREAM);

	if (connect(fd, &e->to.any, e->len) && errno != EINPROGRESS)
		return errno;
	*said = socket_answer(fd, POLLOUT, "connection");
	return 0;
}

static int udp_send_bytes(const struct ends *e, int fd, size_t n, const char **said)
{
	static const char zeros[2000];

	if (connect(fd, &e->to.any, e->len) || send(fd, zeros, n, 0) < 0)
		return errno;
	*said = socket_answer(fd, POLLIN, "data");
	return 0;
}

static int udp_send(const struct ends *e, const char **said)
{
	return udp_send_bytes(e, opened(e, SOCK_DGRAM), 4, said);
}

static int udp_send_only(const struct ends *e, const char **said)
{
	int fd = opened(e, SOCK_DGRAM);

	if (connect(fd, &e->to.any, e->len) || send(fd, "ping", 4, 0) < 0)
		return errno;
	*said = "sent";
	return 0;
}

static int udp_send_options(const struct ends *e, const char **said)
{
	/* ip6_dest of RFC 3542: next header, length in units of 8 bytes after the first, PadN */
	static const unsigned char padding[8] = { 0, 0, 1, 4 };
	int fd = opened(e, SOCK_DGRAM);

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_DSTOPTS, padding, sizeof(padding)))
		return errno;
	return udp_send_bytes(e, fd, 4, said);
}

static int udp_send_long(const struct ends *e, const char **said)
{
	return udp_send_bytes(e, opened(e, SOCK_DGRAM), 2000, said);
}

/* The checksum of a segment of IPv4: over the pseudo header and the segment. */
static uint16_t segment_checksum(const struct in_addr *from, const struct in_addr *to,
				 const struct tcphdr *tcp)
{
	struct {
		struct in_addr from, to;
		uint16_t protocol, length;
		struct tcphdr tcp;
	} all = { *from, *to, htons(IPPROTO_TCP), htons(sizeof(*tcp)), *tcp };

	return checksum_finish(checksum_add(0, &all, sizeof(all)));
}

/* A raw socket gets a copy of all segments of that host, IPv4 with the header. */
static const char *tcp_answer(const struct ends *e, int fd)
{
	unsigned char buf[256];
	struct tcphdr tcp;
	size_t skip = 0;
	ssize_t n;

	while (answered(fd, POLLIN)) {
		n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n > 0 && e->to.any.sa_family == AF_INET)
			skip = (buf[0] & 0xf) * 4;
		if (n < (ssize_t)(skip + sizeof(tcp)))
			continue;
		memcpy(&tcp, buf + skip, sizeof(tcp));
		if (tcp.source == e->to.v4.sin_port && tcp.dest == htons(e->from_port))
			return tcp.rst ? "RST" : tcp.syn ? "SYN" : "ACK";
	}
	return NULL;
}

static int tcp_send(const struct ends *e, struct tcphdr tcp, const char **said)
{
	struct ends host = *e;
	struct sockaddr_in here;
	socklen_t len = sizeof(here);
	int fd = socket(e->to.any.sa_family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP),
	    check_at = offsetof(struct tcphdr, check);

	tcp.source = htons(e->from_port);
	tcp.dest = e->to.v4.sin_port;
	tcp.doff = sizeof(tcp) / 4;
	tcp.window = htons(1024);
	host.to.v4.sin_port = 0;
	if (fd < 0 || connect(fd, &host.to.any, host.len))
		return errno;
	/* the kernel sums up for IPv6 only */
	if (e->to.any.sa_family == AF_INET6) {
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, &check_at, sizeof(check_at)))
			return errno;
	} else {
		if (getsockname(fd, (struct sockaddr *)&here, &len))
			return errno;
		tcp.check = segment_checksum(&here.sin_addr, &e->to.v4.sin_addr, &tcp);
	}
	if (send(fd, &tcp, sizeof(tcp), 0) < 0)
		return errno;
	*said = tcp_answer(e, fd);
	return 0;
}

static int tcp_syn(const struct ends *e, const char **said)
{
	return tcp_send(e, (struct tcphdr){ .syn = 1 }, said);
}

static int tcp_fin(const struct ends *e, const char **said)
{
	return tcp_send(e, (struct tcphdr){ .ack = 1, .fin = 1 }, said);
}

/* act: returns an errno, or 0 and what was said; NULL: nothing */
static const struct word {
	const char *name;
	int argc;
	int (*act)(const struct ends *e, const char **said);
} words[] = {
	{ "connect", 4, tcp_connect },
	{ "send", 4, udp_send },
	{ "send-only", 4, udp_send_only },
	{ "send-options", 4, udp_send_options },
	{ "send-long", 4, udp_send_long },
	{ "syn", 5, tcp_syn },
	{ "fin", 5, tcp_fin },
};

int main(int argc, char **argv)
{
	const char *said = NULL;
	struct ends ends;
	int err;

	for (size_t i = 0; argc > 3 && i < sizeof(words) / sizeof(words[0]); i++) {
		if (argc != words[i].argc || strcmp(argv[1], words[i].name) ||
		    ends_read(&ends, argv[2], argv[3], argv[4]))
			continue;
		err = words[i].act(&ends, &said);
		if (err)
			printf("error %s\n", strerrorname_np(err));
		else
			printf("answer %s\n", said ? said : "none");
		return said ? 0 : 1;
	}
	fprintf(stderr,
		"usage: guest-socket connect|send|send-only|send-options|send-long ADDRESS PORT\n"
		"       guest-socket syn|fin ADDRESS PORT FROM\n");
	return 2;
}
