// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/netlink.h"
#include "tools/nft.h"
#include "tools/nft_batch.h"

#define WAIT_SECONDS 2
#define TYPE_TARGET 1 /* NFTA_COMPAT_TYPE; 0 is a match (nft_compat.c) */

/* Deleting a table without a name deletes all of them, of every family. */
void nft_flush(void)
{
	struct nft_batch b = { 0 };
	int err;

	nft_batch_begin(&b);
	nft_batch_add(&b, NFT_MSG_DELTABLE, NLM_F_ACK, AF_UNSPEC, NULL, 0);
	nft_batch_end(&b);
	err = nft_batch_send(&b);
	if (err < 0)
		fprintf(stderr, "nft flush: %s\n", strerror(-err));
}

/* Asks, and reads the first answer. */
static int target_ask(int fd, const void *question, size_t len)
{
	const struct timeval limit = { .tv_sec = WAIT_SECONDS };
	char answer[4096];
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)answer;
	int err;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		return -errno;
	err = netlink_send(fd, (NFNL_SUBSYS_NFT_COMPAT << 8) | NFNL_MSG_COMPAT_GET, 0, question,
			   len);
	if (err)
		return err;
	if (recv(fd, answer, sizeof(answer), 0) < 0)
		return -errno;
	return nlh->nlmsg_type == NLMSG_ERROR ? -((const struct nlmsgerr *)NLMSG_DATA(nlh))->error :
						0;
}

int nft_target_revision(int family, const char *name, unsigned int revision)
{
	const struct nfgenmsg head = { .nfgen_family = family, .version = NFNETLINK_V0 };
	const __be32 rev = htonl(revision), type = htonl(TYPE_TARGET);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER), err;
	char body[256] = { 0 };
	size_t len = sizeof(head);

	if (fd < 0)
		return -errno;
	memcpy(body, &head, sizeof(head));
	len += attr_put(body + len, NFTA_COMPAT_NAME, name, strlen(name) + 1);
	len += attr_put(body + len, NFTA_COMPAT_REV, &rev, sizeof(rev));
	len += attr_put(body + len, NFTA_COMPAT_TYPE, &type, sizeof(type));
	err = target_ask(fd, body, len);
	close(fd);
	return err;
}

bool nft_works(int family)
{
	return nft_target_revision(family ? NFPROTO_IPV6 : NFPROTO_IPV4, "SECMARK", 0) == 0;
}
