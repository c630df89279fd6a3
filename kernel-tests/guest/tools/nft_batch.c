// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/nft_batch.h"

static void batch_put(struct nft_batch *b, int type, int flags, const struct nfgenmsg *head,
		      const void *attrs, size_t len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(b->buf + b->len);

	if (b->len + NLMSG_SPACE(sizeof(*head) + len) > sizeof(b->buf))
		abort();
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_len = NLMSG_LENGTH(sizeof(*head)) + len;
	memcpy(NLMSG_DATA(nlh), head, sizeof(*head));
	if (len)
		memcpy((char *)NLMSG_DATA(nlh) + sizeof(*head), attrs, len);
	b->len += NLMSG_ALIGN(nlh->nlmsg_len);
}

/* nfnetlink reads in the first message which subsystem the batch is for. */
static void nft_batch_edge(struct nft_batch *b, int type)
{
	const struct nfgenmsg head = { .nfgen_family = AF_UNSPEC,
				       .version = NFNETLINK_V0,
				       .res_id = htons(NFNL_SUBSYS_NFTABLES) };

	batch_put(b, type, 0, &head, NULL, 0);
}

void nft_batch_begin(struct nft_batch *b)
{
	nft_batch_edge(b, NFNL_MSG_BATCH_BEGIN);
}

void nft_batch_end(struct nft_batch *b)
{
	nft_batch_edge(b, NFNL_MSG_BATCH_END);
}

void nft_batch_add(struct nft_batch *b, int type, int flags, int family, const void *attrs,
		   size_t len)
{
	const struct nfgenmsg head = { .nfgen_family = family, .version = NFNETLINK_V0 };

	batch_put(b, (NFNL_SUBSYS_NFTABLES << 8) | type, flags, &head, attrs, len);
}

/* The errno of the first answer that is an error, or 0. The kernel answers before send() returns.
 */
static int batch_refused(int fd)
{
	char answer[4096];
	ssize_t n;
	int err = 0;

	while (!err && (n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT)) > 0)
		for (struct nlmsghdr *nlh = (struct nlmsghdr *)answer; !err && NLMSG_OK(nlh, n);
		     nlh = NLMSG_NEXT(nlh, n))
			if (nlh->nlmsg_type == NLMSG_ERROR)
				err = -((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
	return err;
}

int nft_batch_send(const struct nft_batch *b)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER), err;

	if (fd < 0)
		return -errno;
	err = send(fd, b->buf, b->len, 0) < 0 ? -errno : batch_refused(fd);
	close(fd);
	return err;
}
