// SPDX-License-Identifier: GPL-2.0-only
/*
 * multicast DEVICE ADDRESS GROUP PORT DOMAIN DOMAIN
 *     sends a datagram from ADDRESS to a group with two receivers here, whose sockets have the
 * labels of these domains; prints what the kernel says, and what each receiver gets
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/calls.h"

#define RECEIVERS 2

static int multicast_receiver(const struct calls_place *group, int device)
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
static int multicast_send(const struct calls_place *from, const struct calls_place *group,
			  int device)
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
	const struct calls_place from = calls_place(argv[1], "0"),
				 group = calls_place(argv[2], argv[3]);
	int device = if_nametoindex(argv[0]), receivers[RECEIVERS];

	(void)argc;
	for (int i = 0; i < RECEIVERS; i++) {
		calls_must_label_sockets(argv[4 + i]);
		receivers[i] = multicast_receiver(&group, device);
	}
	calls_must_label_sockets(NULL);
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
