// SPDX-License-Identifier: GPL-2.0-only
/*
 * ct-events 4|6 PORT
 *     sends a UDP request to PORT over loopback, and the answer back; prints the label in each
 * event that ctnetlink sent of that connection: "new CONTEXT", "update CONTEXT", or "new none"
 * queue 4|6 PORT NUMBER
 *     sends a UDP request to PORT over loopback, which a rule gives to queue NUMBER; prints the
 * label that the queue shows, "queued CONTEXT" or "queued none", lets the packet pass, and prints
 * "received" or "lost"
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/address.h"
#include "net/netlink.h"
#include "runner/util.h"
#include "tools/calls.h"

#define WAIT_SECONDS 2
#define MESSAGE 8192

/* A UDP socket at loopback; port 0: the kernel chooses. at gets its address. */
static int udp_open(bool v6, int port, union address *at, socklen_t *len)
{
	const struct timeval limit = { .tv_sec = WAIT_SECONDS };
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*len = address_read(&at->storage, v6 ? "::1" : "127.0.0.1", port);
	if (fd < 0 || bind(fd, &at->any, *len) || getsockname(fd, &at->any, len) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		calls_die("a UDP socket");
	return fd;
}

static int nfnetlink_open(unsigned int groups)
{
	const struct sockaddr_nl self = { .nl_family = AF_NETLINK, .nl_groups = groups };
	const struct timeval limit = { .tv_sec = WAIT_SECONDS };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&self, sizeof(self)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		calls_die("a netlink socket");
	return fd;
}

static const char *body_of(const struct nlmsghdr *nlh, size_t *len)
{
	*len = NLMSG_PAYLOAD(nlh, NLMSG_ALIGN(sizeof(struct nfgenmsg)));
	return (const char *)NLMSG_DATA(nlh) + NLMSG_ALIGN(sizeof(struct nfgenmsg));
}

/* Is it a connection to this port? */
static bool event_is_to(const char *attrs, size_t len, int port)
{
	const struct nlattr *tuple = attr_find(attrs, len, CTA_TUPLE_ORIG);
	const struct nlattr *proto = attr_in(tuple, CTA_TUPLE_PROTO);
	const struct nlattr *to = attr_in(proto, CTA_PROTO_DST_PORT);

	return to && ntohs(*(const __be16 *)attr_data(to)) == port;
}

static void event_print(const struct nlmsghdr *nlh, int port)
{
	size_t len;
	const char *attrs = body_of(nlh, &len);
	const struct nlattr *name = attr_in(attr_find(attrs, len, CTA_SECCTX), CTA_SECCTX_NAME);

	if (!event_is_to(attrs, len, port))
		return;
	printf("%s %.*s\n", nlh->nlmsg_flags & NLM_F_CREATE ? "new" : "update",
	       name ? (int)attr_len(name) : 4, name ? (const char *)attr_data(name) : "none");
}

static int ct_events_run(int argc, char **argv)
{
	const unsigned int groups = 1u << (NFNLGRP_CONNTRACK_NEW - 1) |
				    1u << (NFNLGRP_CONNTRACK_UPDATE - 1);
	int port = atoi(argv[1]), events = nfnetlink_open(groups), server, client;
	char buf[MESSAGE];
	union address to, from;
	socklen_t to_len, from_len;
	ssize_t n;

	(void)argc;
	server = udp_open(!strcmp(argv[0], "6"), port, &to, &to_len);
	client = udp_open(!strcmp(argv[0], "6"), 0, &from, &from_len);
	if (sendto(client, "?", 1, 0, &to.any, to_len) < 0 || recv(server, buf, 1, 0) < 0 ||
	    sendto(server, "!", 1, 0, &from.any, from_len) < 0 || recv(client, buf, 1, 0) < 0)
		calls_die("a request and its answer");
	/* Over loopback the kernel has sent all events when the answer is there. */
	while ((n = recv(events, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		for (struct nlmsghdr *nlh = (struct nlmsghdr *)buf; NLMSG_OK(nlh, n);
		     nlh = NLMSG_NEXT(nlh, n))
			event_print(nlh, port);
	return 0;
}

/* Sends one message about a queue, with an acknowledgement if it is a configuration. */
static void queue_send(int fd, int type, int number, const char *attrs, size_t attrs_len)
{
	struct nfgenmsg head = { .nfgen_family = AF_UNSPEC,
				 .version = NFNETLINK_V0,
				 .res_id = htons(number) };
	bool config = type == NFQNL_MSG_CONFIG;
	char body[128], answer[MESSAGE];
	int err;

	memcpy(body, &head, sizeof(head));
	memcpy(body + sizeof(head), attrs, attrs_len);
	err = netlink_send(fd, (NFNL_SUBSYS_QUEUE << 8) | type, config ? NLM_F_ACK : 0, body,
			   sizeof(head) + attrs_len);
	if (!err && config && recv(fd, answer, sizeof(answer), 0) < 0)
		err = -errno;
	else if (!err && config)
		err = ((struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)answer))->error;
	errno = -err;
	if (err)
		calls_die("the queue");
}

/* Asks for packets of this queue, with labels. */
static void queue_bind(int fd, int number)
{
	const struct nfqnl_msg_config_cmd bind_it = { .command = NFQNL_CFG_CMD_BIND };
	const struct nfqnl_msg_config_params params = { .copy_range = htonl(0),
							.copy_mode = NFQNL_COPY_META };
	const __be32 labels = htonl(NFQA_CFG_F_SECCTX);
	char attrs[96] = { 0 };
	size_t len = attr_put(attrs, NFQA_CFG_CMD, &bind_it, sizeof(bind_it));

	queue_send(fd, NFQNL_MSG_CONFIG, number, attrs, len);
	memset(attrs, 0, sizeof(attrs));
	len = attr_put(attrs, NFQA_CFG_PARAMS, &params, sizeof(params));
	len += attr_put(attrs + len, NFQA_CFG_FLAGS, &labels, sizeof(labels));
	len += attr_put(attrs + len, NFQA_CFG_MASK, &labels, sizeof(labels));
	queue_send(fd, NFQNL_MSG_CONFIG, number, attrs, len);
}

/* Prints the label of the packet that is in the queue, and lets it pass. */
static void queue_pass(int fd, int number)
{
	char buf[MESSAGE] = { 0 }, attrs[32] = { 0 };
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	struct nfqnl_msg_verdict_hdr verdict = { .verdict = htonl(NF_ACCEPT) };
	const struct nlattr *head, *label;
	const char *at;
	size_t len;

	if (recv(fd, buf, sizeof(buf), 0) < 0)
		calls_die("a packet in the queue");
	at = body_of(nlh, &len);
	head = attr_find(at, len, NFQA_PACKET_HDR);
	label = attr_find(at, len, NFQA_SECCTX);
	printf("queued %.*s\n", label ? (int)attr_len(label) : 4,
	       label ? (const char *)attr_data(label) : "none");
	errno = EBADMSG;
	if (!head)
		calls_die("a packet in the queue");
	verdict.id = ((const struct nfqnl_msg_packet_hdr *)attr_data(head))->packet_id;
	len = attr_put(attrs, NFQA_VERDICT_HDR, &verdict, sizeof(verdict));
	queue_send(fd, NFQNL_MSG_VERDICT, number, attrs, len);
}

static int queue_run(int argc, char **argv)
{
	int number = atoi(argv[2]), fd = nfnetlink_open(0), server, client;
	union address to, from;
	socklen_t to_len, from_len;

	(void)argc;
	server = udp_open(!strcmp(argv[0], "6"), atoi(argv[1]), &to, &to_len);
	client = udp_open(!strcmp(argv[0], "6"), 0, &from, &from_len);
	queue_bind(fd, number);
	if (sendto(client, "?", 1, 0, &to.any, to_len) < 0)
		calls_die("a request");
	queue_pass(fd, number);
	puts(calls_arrived(server) ? "received" : "lost");
	return 0;
}

const struct calls_word connection_words[] = {
	{ "ct-events", "4|6 PORT", 2, ct_events_run },
	{ "queue", "4|6 PORT NUMBER", 3, queue_run },
	{ NULL, NULL, 0, NULL },
};
