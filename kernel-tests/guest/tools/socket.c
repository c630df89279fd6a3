// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-socket WORD ADDRESS PORT [FROM]: one thing that a program does with a socket, and what the
 * kernel says to it: "connect ok", or "connect ECONNREFUSED".
 *
 *     connect       to a TCP port; EINPROGRESS means that no answer came
 *     send          a datagram to a UDP port; EAGAIN means that no error came back
 *     send-options  as send, without waiting, with destination options of IPv6
 *     send-long     as send, without waiting, with more than fits in one packet
 *     fin           a last TCP segment that belongs to no socket here, from port FROM
 *
 * A program of its own, so that it runs in the domain of its step.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Packets between namespaces of one machine arrive at once; this is for a busy host. */
#define ANSWER_MS 300

struct ends {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to;
	socklen_t len;
	int from_port;
};

/* Returns 0, or -1 if the text is no address. */
static int ends_read(struct ends *e, const char *address, const char *port, const char *from)
{
	memset(e, 0, sizeof(*e));
	e->from_port = from ? atoi(from) : 0;
	/* the port is at the same place for both families */
	e->to.v4.sin_port = htons(atoi(port));
	if (inet_pton(AF_INET, address, &e->to.v4.sin_addr) == 1) {
		e->to.v4.sin_family = AF_INET;
		e->len = sizeof(e->to.v4);
		return 0;
	}
	e->to.v6.sin6_family = AF_INET6;
	e->len = sizeof(e->to.v6);
	return inet_pton(AF_INET6, address, &e->to.v6.sin6_addr) == 1 ? 0 : -1;
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

/* Waits for what the other end, or a router, says of a packet. Returns its errno; 0: nothing. */
static int answer(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	int err = 0;
	socklen_t len = sizeof(err);

	poll(&pfd, 1, ANSWER_MS);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return err;
}

static int tcp_connect(const struct ends *e)
{
	int fd = opened(e, SOCK_STREAM), err;
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };

	if (connect(fd, &e->to.any, e->len) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	err = answer(fd, POLLOUT);
	return err || poll(&pfd, 1, 0) ? err : EINPROGRESS;
}

static int udp_send(const struct ends *e)
{
	int fd = opened(e, SOCK_DGRAM), err;

	if (connect(fd, &e->to.any, e->len) || send(fd, "ping", 4, 0) < 0)
		return errno;
	err = answer(fd, POLLIN);
	return err ? err : EAGAIN;
}

static int udp_send_options(const struct ends *e)
{
	/* ip6_dest of RFC 3542: next header, length in units of 8 bytes after the first, PadN */
	static const unsigned char padding[8] = { 0, 0, 1, 4 };
	int fd = opened(e, SOCK_DGRAM);

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_DSTOPTS, padding, sizeof(padding)) ||
	    connect(fd, &e->to.any, e->len) || send(fd, "ping", 4, 0) < 0)
		return errno;
	return 0;
}

static int udp_send_long(const struct ends *e)
{
	static const char zeros[2000];
	int fd = opened(e, SOCK_DGRAM);

	return connect(fd, &e->to.any, e->len) || send(fd, zeros, sizeof(zeros), 0) < 0 ? errno : 0;
}

/* The sum of RFC 1071 over the pseudo header of IPv4 and the segment. */
static uint16_t checksum(const struct in_addr *from, const struct in_addr *to,
			 const struct tcphdr *tcp)
{
	struct {
		struct in_addr from, to;
		uint16_t protocol, length;
		struct tcphdr tcp;
	} all = { *from, *to, htons(IPPROTO_TCP), htons(sizeof(*tcp)), *tcp };
	uint16_t words[sizeof(all) / 2];
	uint32_t sum = 0;

	memcpy(words, &all, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum += words[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static int tcp_fin(const struct ends *e)
{
	struct ends host = *e;
	struct tcphdr tcp = { .source = htons(e->from_port),
			      .dest = e->to.v4.sin_port,
			      .ack = 1,
			      .fin = 1,
			      .doff = sizeof(tcp) / 4,
			      .window = htons(1024) };
	struct sockaddr_in here;
	socklen_t len = sizeof(here);
	int fd = socket(e->to.any.sa_family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP),
	    check_at = offsetof(struct tcphdr, check);

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
		tcp.check = checksum(&here.sin_addr, &e->to.v4.sin_addr, &tcp);
	}
	return send(fd, &tcp, sizeof(tcp), 0) < 0 ? errno : 0;
}

static const struct word {
	const char *name;
	int argc;
	int (*act)(const struct ends *e);
} words[] = {
	{ "connect", 4, tcp_connect },
	{ "send", 4, udp_send },
	{ "send-options", 4, udp_send_options },
	{ "send-long", 4, udp_send_long },
	{ "fin", 5, tcp_fin },
};

int main(int argc, char **argv)
{
	struct ends ends;
	int err;

	for (size_t i = 0; argc > 3 && i < sizeof(words) / sizeof(words[0]); i++) {
		if (argc != words[i].argc || strcmp(argv[1], words[i].name) ||
		    ends_read(&ends, argv[2], argv[3], argv[4]))
			continue;
		err = words[i].act(&ends);
		printf("%s %s\n", argv[1], err ? strerrorname_np(err) : "ok");
		return 0;
	}
	fprintf(stderr, "usage: guest-socket connect|send|send-options|send-long ADDRESS PORT\n"
			"       guest-socket fin ADDRESS PORT FROM\n");
	return 2;
}
