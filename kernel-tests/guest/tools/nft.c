// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
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

static struct nlmsghdr *nft_put_batch(char *buf, size_t *len, int type, int flags, int family,
				      int res_id)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(buf + *len);
	struct nfgenmsg *nfg = NLMSG_DATA(nlh);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_len = NLMSG_LENGTH(sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(res_id);
	*len += NLMSG_ALIGN(nlh->nlmsg_len);
	return nlh;
}

/* Deleting a table without a name deletes all of them, of every family. */
void nft_flush(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	char buf[256] = { 0 };
	size_t len = 0;

	nft_put_batch(buf, &len, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	nft_put_batch(buf, &len, (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_DELTABLE, NLM_F_ACK,
		      AF_UNSPEC, 0);
	nft_put_batch(buf, &len, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	if (fd >= 0 && send(fd, buf, len, 0) < 0)
		perror("nft flush");
	close(fd);
}

/* Asks as iptables-nft does before it uses an extension: does the kernel have this revision? */
bool nft_works(int family)
{
	struct nfgenmsg nfg = { .nfgen_family = family ? AF_INET6 : AF_INET,
				.version = NFNETLINK_V0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	__be32 revision = htonl(0), target = htonl(1);
	struct timeval limit = { .tv_sec = 2 };
	char body[128] = { 0 }, answer[1024];
	size_t len = sizeof(nfg);
	bool works = false;

	memcpy(body, &nfg, sizeof(nfg));
	len += attr_put(body + len, NFTA_COMPAT_NAME, "SECMARK", sizeof("SECMARK"));
	len += attr_put(body + len, NFTA_COMPAT_REV, &revision, sizeof(revision));
	len += attr_put(body + len, NFTA_COMPAT_TYPE, &target, sizeof(target));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (netlink_send(fd, (NFNL_SUBSYS_NFT_COMPAT << 8) | NFNL_MSG_COMPAT_GET, 0, body, len) ==
		    0 &&
	    recv(fd, answer, sizeof(answer), 0) > 0)
		works = ((struct nlmsghdr *)answer)->nlmsg_type != NLMSG_ERROR;
	close(fd);
	return works;
}
