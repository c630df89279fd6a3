// SPDX-License-Identifier: GPL-2.0-only
#include "host/netlink.h"

#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

/* The most that the kernel puts into one answer of a dump (netlink_recvmsg(),
 * net/netlink/af_netlink.c) */
#define ANSWER_MAX 32768
#define ATTEMPTS 5

int netlink_open(int bus, struct mnl_socket **nl)
{
	int one = 1, error;

	*nl = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!*nl)
		return -errno;
	/* the kernel then sends only the routes that the request asks for; older kernels refuse
	 * this, and send all */
	mnl_socket_setsockopt(*nl, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	if (mnl_socket_bind(*nl, 0, MNL_SOCKET_AUTOPID) == 0)
		return 0;
	error = -errno;
	mnl_socket_close(*nl);
	*nl = NULL;
	return error;
}

/* A list can end with an error, which libmnl leaves out: netlink_dump_done(),
 * net/netlink/af_netlink.c. Returns 0 or -errno. */
static int netlink_end(const void *answer, int len)
{
	const struct nlmsghdr *nlh;

	for (nlh = answer; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		if (nlh->nlmsg_type == NLMSG_DONE && mnl_nlmsg_get_payload_len(nlh) >= sizeof(int))
			return *(const int *)mnl_nlmsg_get_payload(nlh);
	return 0;
}

/* Sends a request, and reads until the kernel says that it is done. A signal does not end that. */
static int netlink_request(struct mnl_socket *nl, struct nlmsghdr *request, mnl_cb_t message,
			   void *arg)
{
	unsigned int port = mnl_socket_get_portid(nl);
	char answer[ANSWER_MAX];
	ssize_t len;
	int ret;

	request->nlmsg_seq++;
	if (mnl_socket_sendto(nl, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		do
			len = mnl_socket_recvfrom(nl, answer, sizeof(answer));
		while (len < 0 && errno == EINTR);
		if (len < 0)
			return -errno;
		ret = mnl_cb_run(answer, len, request->nlmsg_seq, port, message, arg);
	} while (ret > MNL_CB_STOP);
	return ret < 0 ? -errno : netlink_end(answer, len);
}

int netlink_do(struct mnl_socket *nl, struct nlmsghdr *request, mnl_cb_t message, void *arg)
{
	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	return netlink_request(nl, request, message, arg);
}

int netlink_list(struct mnl_socket *nl, struct nlmsghdr *request, mnl_cb_t message, void *arg)
{
	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_DUMP;
	return netlink_request(nl, request, message, arg);
}

int netlink_dump(int bus, struct nlmsghdr *request, void (*start)(void *arg), mnl_cb_t message,
		 void *arg)
{
	struct mnl_socket *nl;
	int attempt, ret;

	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		/* the rest of a list that changed would still arrive at the old socket */
		ret = netlink_open(bus, &nl);
		if (ret)
			return ret;
		start(arg);
		ret = netlink_list(nl, request, message, arg);
		mnl_socket_close(nl);
		if (ret != -EINTR)
			return ret;
	}
	return -EINTR;
}

struct nlmsghdr *netlink_netfilter(void *buf, uint16_t type, uint8_t family)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg = mnl_nlmsg_put_extra_header(request, sizeof(*nfg));

	request->nlmsg_type = type;
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	return request;
}

struct table {
	const struct nlattr **tb;
	unsigned int max;
};

static int netlink_take_attr(const struct nlattr *attr, void *arg)
{
	struct table *t = arg;

	if (mnl_attr_get_type(attr) <= t->max)
		t->tb[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

void netlink_nest(const struct nlattr *nest, const struct nlattr **tb, unsigned int max)
{
	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (nest)
		mnl_attr_parse_nested(nest, netlink_take_attr, &(struct table){ tb, max });
}

void netlink_attrs(const struct nlmsghdr *message, size_t header, const struct nlattr **tb,
		   unsigned int max)
{
	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_parse(message, header, netlink_take_attr, &(struct table){ tb, max });
}
