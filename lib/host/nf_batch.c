// SPDX-License-Identifier: GPL-2.0-only
#include "host/nf_batch.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "host/netlink.h"
#include "host/nf_tables.h"
#include "util/alloc.h"

/* Room for one message: two names of NFT_NAME_MAXLEN, and headers */
#define MESSAGE_MAX 1024
/* What a refusal takes of the room for answers: 768 bytes on Linux 6.12, without the message that
 * is refused (NETLINK_CAP_ACK) */
#define ANSWER_ROOM 1024

/* The messages have their number as sequence number. Number 0 begins the transaction. */
struct nf_batch {
	char *data;
	size_t len, size;
	size_t n;      /* messages */
	bool *refused; /* by number */
	size_t last;   /* where the last message begins */
};

static struct nlmsghdr *batch_begin(struct nf_batch *b, unsigned int type, uint8_t family)
{
	struct nlmsghdr *nlh;

	if (b->len + MESSAGE_MAX > b->size) {
		char *more = alloc_zeroed(2 * b->size + MESSAGE_MAX, 1);

		if (b->len)
			memcpy(more, b->data, b->len);
		free(b->data);
		b->data = more;
		b->size = 2 * b->size + MESSAGE_MAX;
	}
	b->last = b->len;
	nlh = nf_tables_request(b->data + b->last, type, family);
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = b->n++;
	return nlh;
}

static void batch_end(struct nf_batch *b, const struct nlmsghdr *nlh)
{
	b->len += NLMSG_ALIGN(nlh->nlmsg_len);
}

static void batch_mark(struct nf_batch *b, uint16_t type)
{
	struct nlmsghdr *nlh = batch_begin(b, 0, AF_UNSPEC);
	struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);

	nlh->nlmsg_type = type;
	nfg->res_id = htons(NFNL_SUBSYS_NFTABLES);
	batch_end(b, nlh);
}

static uint8_t batch_family(int family)
{
	return family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6;
}

struct nf_batch *nf_batch_new(void)
{
	struct nf_batch *b = alloc_zeroed(1, sizeof(*b));

	batch_mark(b, NFNL_MSG_BATCH_BEGIN);
	return b;
}

void nf_batch_delete_rule(struct nf_batch *b, int family, const char *table, const char *chain,
			  uint64_t handle)
{
	struct nlmsghdr *nlh = batch_begin(b, NFT_MSG_DELRULE, batch_family(family));

	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, table);
	mnl_attr_put_strz(nlh, NFTA_RULE_CHAIN, chain);
	if (handle)
		mnl_attr_put_u64(nlh, NFTA_RULE_HANDLE, htobe64(handle));
	batch_end(b, nlh);
}

size_t nf_batch_delete_chain(struct nf_batch *b, int family, const char *table, const char *chain)
{
	struct nlmsghdr *nlh = batch_begin(b, NFT_MSG_DELCHAIN, batch_family(family));

	mnl_attr_put_strz(nlh, NFTA_CHAIN_TABLE, table);
	mnl_attr_put_strz(nlh, NFTA_CHAIN_NAME, chain);
	batch_end(b, nlh);
	return b->n - 1;
}

/* The kernel says what it refuses. The last deletion asks for an answer in any case. */
static int batch_answers(struct nf_batch *b, struct mnl_socket *nl, size_t last)
{
	char answer[32768];
	const struct nlmsghdr *nlh;
	const struct nlmsgerr *e;
	bool done = false;
	int ret = 0, len;

	while (!done) {
		do
			len = mnl_socket_recvfrom(nl, answer, sizeof(answer));
		while (len < 0 && errno == EINTR);
		if (len < 0)
			return -errno;
		for (nlh = (void *)answer; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_type != NLMSG_ERROR || nlh->nlmsg_seq >= b->n)
				continue;
			e = mnl_nlmsg_get_payload(nlh);
			b->refused[nlh->nlmsg_seq] |= e->error;
			ret = ret ? ret : e->error;
			/* what the beginning is refused for is about the whole */
			done |= nlh->nlmsg_seq == last || !nlh->nlmsg_seq;
		}
	}
	return ret;
}

/* The kernel can refuse each message, and answers all of them before anybody reads. Answers that
 * have no room are lost, and reading fails (ENOBUFS). */
static void make_room(const struct nf_batch *b, struct mnl_socket *nl)
{
	int fd = mnl_socket_get_fd(nl), one = 1, size = b->len, answers;

	answers = b->n < INT_MAX / ANSWER_ROOM ? (int)b->n * ANSWER_ROOM : INT_MAX;
	mnl_socket_setsockopt(nl, NETLINK_CAP_ACK, &one, sizeof(one));
	/* if this fails, sending or reading says so */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	/* root of a user namespace gets what everybody gets */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &answers, sizeof(answers)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &answers, sizeof(answers));
}

int nf_batch_send(struct nf_batch *b)
{
	struct mnl_socket *nl;
	size_t last = b->n - 1;
	int ret = netlink_open(NETLINK_NETFILTER, &nl);

	if (ret)
		return ret;
	((struct nlmsghdr *)(b->data + b->last))->nlmsg_flags |= NLM_F_ACK;
	batch_mark(b, NFNL_MSG_BATCH_END);
	b->refused = alloc_zeroed(b->n, sizeof(*b->refused));
	/* a transaction has to be sent at once */
	make_room(b, nl);
	ret = mnl_socket_sendto(nl, b->data, b->len) < 0 ? -errno : batch_answers(b, nl, last);
	mnl_socket_close(nl);
	return ret;
}

bool nf_batch_refused(const struct nf_batch *b, size_t message)
{
	return b->refused[message];
}

void nf_batch_free(struct nf_batch *b)
{
	if (!b)
		return;
	free(b->data);
	free(b->refused);
	free(b);
}
