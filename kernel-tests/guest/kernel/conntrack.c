// SPDX-License-Identifier: GPL-2.0-only
/* What label conntrack keeps for a flow, read from ctnetlink. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "kernel/conntrack.h"
#include "net/netlink.h"
#include "runner/util.h"

#define PROBE_PORT 9 /* discard */

static int conntrack_port(const struct nlattr *proto, int type)
{
	const struct nlattr *a = attr_in(proto, type);

	return a ? ntohs(*(const __be16 *)attr_data(a)) : -1;
}

/*
 * The secctx of an entry, "none" without one (which no kernel does: it shows a flow without a label
 * as unlabeled_t); NULL if it is another flow. The caller frees it.
 */
static char *conntrack_entry_secctx(const struct nlmsghdr *nlh, int sport, int dport)
{
	const char *attrs = (const char *)NLMSG_DATA(nlh) + NLMSG_ALIGN(sizeof(struct nfgenmsg));
	size_t len = NLMSG_PAYLOAD(nlh, NLMSG_ALIGN(sizeof(struct nfgenmsg)));
	const struct nlattr *tuple = attr_find(attrs, len, CTA_TUPLE_ORIG);
	const struct nlattr *proto = attr_in(tuple, CTA_TUPLE_PROTO), *name;
	int from = conntrack_port(proto, CTA_PROTO_SRC_PORT),
	    to = conntrack_port(proto, CTA_PROTO_DST_PORT);

	/* The server may have opened it. */
	if ((from != sport || to != dport) && (from != dport || to != sport))
		return NULL;
	name = attr_in(attr_find(attrs, len, CTA_SECCTX), CTA_SECCTX_NAME);
	return name ? must_printf("%.*s", (int)attr_len(name), (const char *)attr_data(name)) :
		      must_printf("none");
}

/* Goes through one datagram of a dump. Returns false at its end. */
static bool conntrack_read_dump(char *buf, ssize_t n, int sport, int dport, char **secctx)
{
	for (struct nlmsghdr *nlh = (struct nlmsghdr *)buf; NLMSG_OK(nlh, n);
	     nlh = NLMSG_NEXT(nlh, n)) {
		if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR)
			return false;
		if (!*secctx)
			*secctx = conntrack_entry_secctx(nlh, sport, dport);
	}
	return true;
}

char *conntrack_secctx(int sport, int dport)
{
	struct nfgenmsg all = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 };
	struct timeval limit = { .tv_sec = 2 };
	char buf[32768], *secctx = NULL;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	netlink_send(fd, (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET, NLM_F_DUMP, &all,
		     sizeof(all));
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		if (!conntrack_read_dump(buf, n, sport, dport, &secctx))
			break;
	close(fd);
	return secctx;
}

/*
 * One direction of the probe's flow: UDP over loopback, from and to the discard port. Returns its
 * length.
 */
static size_t conntrack_put_tuple(char *at, int type)
{
	__be32 lo = htonl(INADDR_LOOPBACK);
	__be16 port = htons(PROBE_PORT);
	char ip[32] = { 0 }, proto[32] = { 0 }, both[96] = { 0 };
	unsigned char udp = IPPROTO_UDP;
	size_t ip_len, proto_len, len;

	ip_len = attr_put(ip, CTA_IP_V4_SRC, &lo, sizeof(lo));
	ip_len += attr_put(ip + ip_len, CTA_IP_V4_DST, &lo, sizeof(lo));
	proto_len = attr_put(proto, CTA_PROTO_NUM, &udp, sizeof(udp));
	proto_len += attr_put(proto + proto_len, CTA_PROTO_SRC_PORT, &port, sizeof(port));
	proto_len += attr_put(proto + proto_len, CTA_PROTO_DST_PORT, &port, sizeof(port));
	len = attr_put(both, CTA_TUPLE_IP | NLA_F_NESTED, ip, ip_len);
	len += attr_put(both + len, CTA_TUPLE_PROTO | NLA_F_NESTED, proto, proto_len);
	return attr_put(at, type | NLA_F_NESTED, both, len);
}

/* Returns 0, or the -errno the kernel answers with. */
static int conntrack_create(void)
{
	struct nfgenmsg nfg = { .nfgen_family = AF_INET, .version = NFNETLINK_V0 };
	struct timeval limit = { .tv_sec = 2 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER), err;
	char body[384] = { 0 }, answer[1024];
	size_t len = sizeof(nfg);
	__be32 seconds = htonl(1);

	memcpy(body, &nfg, sizeof(nfg));
	len += conntrack_put_tuple(body + len, CTA_TUPLE_ORIG);
	len += conntrack_put_tuple(body + len, CTA_TUPLE_REPLY);
	len += attr_put(body + len, CTA_TIMEOUT, &seconds, sizeof(seconds));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	err = netlink_send(fd, (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW,
			   NLM_F_CREATE | NLM_F_ACK, body, len);
	if (!err && recv(fd, answer, sizeof(answer), 0) < (ssize_t)NLMSG_LENGTH(sizeof(err)))
		err = -ETIMEDOUT;
	else if (!err)
		err = *(int *)NLMSG_DATA((struct nlmsghdr *)answer);
	close(fd);
	return err;
}

/*
 * A flow without packets shows whether there is ctnetlink, and the unlabeled_t of its label whether
 * labels are kept.
 */
const char *conntrack_lacks(void)
{
	int err = conntrack_create();
	char *secctx = err && err != -EEXIST ? NULL : conntrack_secctx(PROBE_PORT, PROBE_PORT);
	const char *lacks = NULL;

	if (!secctx)
		lacks = "conntrack cannot be read (CONFIG_NF_CT_NETLINK)";
	else if (!strcmp(secctx, "none"))
		lacks = "conntrack keeps no labels (CONFIG_NF_CONNTRACK_SECMARK)";
	free(secctx);
	return lacks;
}
