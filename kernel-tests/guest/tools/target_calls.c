// SPDX-License-Identifier: GPL-2.0-only
/*
 * target ip|ip6|arp|bridge NAME REVISION
 *     asks whether a table of nf_tables of this family may use this target of iptables
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/netlink.h"
#include "runner/util.h"
#include "tools/calls.h"

#define WAIT_SECONDS 2
#define TYPE_TARGET 1 /* NFTA_COMPAT_TYPE; 0 is a match */

static const struct family {
	const char *name;
	int number;
} families[] = {
	{ "ip", NFPROTO_IPV4 },
	{ "ip6", NFPROTO_IPV6 },
	{ "arp", NFPROTO_ARP },
	{ "bridge", NFPROTO_BRIDGE },
};

/* The question, as one message. Returns the errno of the answer, 0 if the target may be used. */
static int target_ask(int family, const char *name, unsigned int revision)
{
	const struct timeval limit = { .tv_sec = WAIT_SECONDS };
	const struct nfgenmsg head = { .nfgen_family = family, .version = NFNETLINK_V0 };
	const __be32 rev = htonl(revision), type = htonl(TYPE_TARGET);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	char body[256] = { 0 }, answer[4096];
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)answer;
	size_t len = sizeof(head);

	memcpy(body, &head, sizeof(head));
	len += attr_put(body + len, NFTA_COMPAT_NAME, name, strlen(name) + 1);
	len += attr_put(body + len, NFTA_COMPAT_REV, &rev, sizeof(rev));
	len += attr_put(body + len, NFTA_COMPAT_TYPE, &type, sizeof(type));
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    netlink_send(fd, (NFNL_SUBSYS_NFT_COMPAT << 8) | NFNL_MSG_COMPAT_GET, 0, body, len) ||
	    recv(fd, answer, sizeof(answer), 0) < 0)
		calls_die("nft_compat");
	close(fd);
	return nlh->nlmsg_type == NLMSG_ERROR ? -((const struct nlmsgerr *)NLMSG_DATA(nlh))->error :
						0;
}

static int target_run(int argc, char **argv)
{
	(void)argc;
	for (size_t i = 0; i < N_ELEMENTS(families); i++)
		if (!strcmp(families[i].name, argv[0]))
			return calls_say(argv[0], argv[1],
					 target_ask(families[i].number, argv[1], atoi(argv[2])));
	errno = EAFNOSUPPORT;
	calls_die(argv[0]);
}

const struct calls_word target_words[] = {
	{ "target", "ip|ip6|arp|bridge NAME REVISION", 3, target_run },
	{ NULL, NULL, 0, NULL },
};
