// SPDX-License-Identifier: GPL-2.0-only
/*
 * ct-helpers PORT
 *     prints what ctnetlink says of the helpers of conntrack: "connection NAME" of each connection
 * to PORT, and "expectation NAME" of each connection to PORT that is expected; "none" without a
 * helper.
 */
#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/netlink.h"
#include "tools/calls.h"

#define WAIT_SECONDS 2

/* The attributes of one entry that ctnetlink dumps. */
struct entry {
	const char *attrs;
	size_t len;
};

/* One of the two tables of ctnetlink. */
struct table {
	const char *name; /* of an entry, in the output */
	int message, tuple;
	const struct nlattr *(*helper)(const struct entry *e);
};

static const struct nlattr *connection_helper(const struct entry *e)
{
	return attr_in(attr_find(e->attrs, e->len, CTA_HELP), CTA_HELP_NAME);
}

static const struct nlattr *expectation_helper(const struct entry *e)
{
	return attr_find(e->attrs, e->len, CTA_EXPECT_HELP_NAME);
}

static const struct table tables[] = {
	{ "connection", NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, CTA_TUPLE_ORIG,
	  connection_helper },
	{ "expectation", NFNL_SUBSYS_CTNETLINK_EXP << 8 | IPCTNL_MSG_EXP_GET, CTA_EXPECT_TUPLE,
	  expectation_helper },
};

static void entry_print(const struct table *t, const struct nlmsghdr *nlh, int port)
{
	const size_t head = NLMSG_ALIGN(sizeof(struct nfgenmsg));
	const struct entry e = { (const char *)NLMSG_DATA(nlh) + head, NLMSG_PAYLOAD(nlh, head) };
	const struct nlattr *tuple = attr_find(e.attrs, e.len, t->tuple);
	const struct nlattr *to = attr_in(attr_in(tuple, CTA_TUPLE_PROTO), CTA_PROTO_DST_PORT);
	const struct nlattr *name = t->helper(&e);

	if (to && ntohs(*(const __be16 *)attr_data(to)) == port)
		printf("%s %s\n", t->name, name ? (const char *)attr_data(name) : "none");
}

/* Prints the entries of one datagram. Returns false at the end of the dump. */
static bool helpers_print(const struct table *t, const char *buf, ssize_t n, int port)
{
	for (const struct nlmsghdr *nlh = (const struct nlmsghdr *)buf; NLMSG_OK(nlh, n);
	     nlh = NLMSG_NEXT(nlh, n)) {
		if (nlh->nlmsg_type == NLMSG_DONE)
			return false;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			calls_die("a dump of conntrack");
		entry_print(t, nlh, port);
	}
	return true;
}

static void table_print(const struct table *t, int port)
{
	const struct nfgenmsg all = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 };
	const struct timeval limit = { .tv_sec = WAIT_SECONDS };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	char buf[32768];
	ssize_t n;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    netlink_send(fd, t->message, NLM_F_DUMP, &all, sizeof(all)))
		calls_die("a netlink socket");
	do {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n <= 0)
			calls_die("a dump of conntrack");
	} while (helpers_print(t, buf, n, port));
	close(fd);
}

static int ct_helpers_run(int argc, char **argv)
{
	(void)argc;
	for (size_t i = 0; i < N_ELEMENTS(tables); i++)
		table_print(&tables[i], atoi(argv[0]));
	return 0;
}

const struct calls_word helper_words[] = {
	{ "ct-helpers", "PORT", 1, ct_helpers_run },
	{ NULL, NULL, 0, NULL },
};
