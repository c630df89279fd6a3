// SPDX-License-Identifier: GPL-2.0-only
/*
 * multicast DEVICE ADDRESS GROUP PORT DOMAIN DOMAIN
 *     sends a datagram from ADDRESS to a group with two receivers here, whose sockets have the
 * labels of these domains; prints what the kernel says, and what each receiver gets
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner/util.h"
#include "tools/calls.h"

#define RECEIVERS 2

struct place {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at;
};

static struct place place_of(const char *address, int port)
{
	bool v6 = strchr(address, ':');
	struct place p = { .len = v6 ? sizeof(p.at.v6) : sizeof(p.at.v4) };
	void *bytes = v6 ? (void *)&p.at.v6.sin6_addr : (void *)&p.at.v4.sin_addr;

	p.at.any.sa_family = v6 ? AF_INET6 : AF_INET;
	p.at.v4.sin_port = htons(port); /* that of IPv6 is at the same place */
	errno = EINVAL;
	if (inet_pton(p.at.any.sa_family, address, bytes) != 1)
		calls_die(address);
	return p;
}

/* The sockets that are made from now on have the label of this domain; NULL: of the process. */
static void multicast_label(const char *domain)
{
	char *context = domain ? calls_context(domain) : NULL;
	int fd = open("/proc/thread-self/attr/sockcreate", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, context ? context : "", context ? strlen(context) + 1 : 0) < 0)
		calls_die("sockcreate");
	close(fd);
	free(context);
}

static int multicast_receiver(const struct place *group, int device)
{
	struct ip_mreqn v4 = { .imr_multiaddr = group->at.v4.sin_addr, .imr_ifindex = device };
	struct ipv6_mreq v6 = { .ipv6mr_multiaddr = group->at.v6.sin6_addr,
				.ipv6mr_interface = device };
	int fd = socket(group->at.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1, err;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, &group->at.any, group->len))
		calls_die("a receiver");
	err = group->at.any.sa_family == AF_INET ?
		      setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &v4, sizeof(v4)) :
		      setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &v6, sizeof(v6));
	if (err)
		calls_die("a group");
	return fd;
}

/* Returns 0 or the errno of sending. */
static int multicast_send(const struct place *from, const struct place *group, int device)
{
	int fd = socket(group->at.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;
	struct ip_mreqn v4 = { .imr_ifindex = device };

	err = group->at.any.sa_family == AF_INET ?
		      setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &v4, sizeof(v4)) :
		      setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &device, sizeof(device));
	if (fd < 0 || err || bind(fd, &from->at.any, from->len))
		calls_die("a sender");
	err = sendto(fd, "?", 1, 0, &group->at.any, group->len) == 1 ? 0 : errno;
	close(fd);
	return err;
}

static int multicast_run(int argc, char **argv)
{
	const struct place from = place_of(argv[1], 0), group = place_of(argv[2], atoi(argv[3]));
	int device = if_nametoindex(argv[0]), receivers[RECEIVERS];

	(void)argc;
	for (int i = 0; i < RECEIVERS; i++) {
		multicast_label(argv[4 + i]);
		receivers[i] = multicast_receiver(&group, device);
	}
	multicast_label(NULL);
	calls_say("send", "group", multicast_send(&from, &group, device));
	for (int i = 0; i < RECEIVERS; i++)
		printf("%s %s\n", i ? "second" : "first",
		       calls_arrived(receivers[i]) ? "received" : "lost");
	return 0;
}

const struct calls_word multicast_words[] = {
	{ "multicast", "DEVICE ADDRESS GROUP PORT DOMAIN DOMAIN", 6, multicast_run },
	{ NULL, NULL, 0, NULL },
};
