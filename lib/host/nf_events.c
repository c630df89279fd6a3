// SPDX-License-Identifier: GPL-2.0-only
#include "host/nf_events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "host/netlink.h"

/* More than the kernel puts into one notification (nft_commit_notify(),
 * net/netfilter/nf_tables_api.c). */
#define EVENT_MAX 65536

/* A "flush ruleset" tells of each rule and each element that goes. */
#define QUEUE_BYTES (4 * 1024 * 1024)

struct reading {
	struct nf_events *e;
	struct rule_writer *writer;
	bool found;
};

int nf_events_open(struct nf_events *e, const struct nf_table_name *tables)
{
	int group = NFNLGRP_NFTABLES, size = QUEUE_BYTES, failed;

	*e = (struct nf_events){ .tables = tables };
	e->nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!e->nl)
		return -errno;
	/* with less than that, only the name of the writer may be lost */
	setsockopt(mnl_socket_get_fd(e->nl), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (mnl_socket_bind(e->nl, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_setsockopt(e->nl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) == 0)
		return 0;
	failed = -errno;
	nf_events_close(e);
	return failed;
}

int nf_events_fd(const struct nf_events *e)
{
	return mnl_socket_get_fd(e->nl);
}

static bool is_of_interest(const struct nf_events *e, int family, const char *table)
{
	const struct nf_table_name *t;

	for (t = e->tables; t->name; t++)
		if (t->family == family && !strcmp(t->name, table))
			return true;
	return false;
}

/* The end of a transaction: nf_tables_fill_gen_info(), net/netfilter/nf_tables_api.c. */
static void take_writer(const struct nlmsghdr *nlh, struct rule_writer *writer)
{
	const struct nlattr *tb[NFTA_GEN_MAX + 1];

	*writer = (struct rule_writer){ 0 };
	netlink_attrs(nlh, sizeof(struct nfgenmsg), tb, NFTA_GEN_MAX);
	if (tb[NFTA_GEN_PROC_PID] && !mnl_attr_validate(tb[NFTA_GEN_PROC_PID], MNL_TYPE_U32))
		writer->pid = ntohl(mnl_attr_get_u32(tb[NFTA_GEN_PROC_PID]));
	if (tb[NFTA_GEN_PROC_NAME] &&
	    !mnl_attr_validate(tb[NFTA_GEN_PROC_NAME], MNL_TYPE_NUL_STRING))
		snprintf(writer->name, sizeof(writer->name), "%s",
			 mnl_attr_get_str(tb[NFTA_GEN_PROC_NAME]));
}

/* In all messages but the last of a transaction, the first attribute is the table's name. */
static int take_event(const struct nlmsghdr *nlh, void *arg)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[NFTA_TABLE_NAME + 1];
	struct reading *r = arg;

	if (nlh->nlmsg_type >> 8 != NFNL_SUBSYS_NFTABLES)
		return MNL_CB_OK;
	if ((nlh->nlmsg_type & 0xff) == NFT_MSG_NEWGEN) {
		if (r->e->touched)
			take_writer(nlh, r->writer);
		r->found |= r->e->touched;
		r->e->touched = false;
		return MNL_CB_OK;
	}
	netlink_attrs(nlh, sizeof(*nfg), tb, NFTA_TABLE_NAME);
	if (tb[NFTA_TABLE_NAME] && !mnl_attr_validate(tb[NFTA_TABLE_NAME], MNL_TYPE_NUL_STRING))
		r->e->touched |= is_of_interest(r->e, nfg->nfgen_family,
						mnl_attr_get_str(tb[NFTA_TABLE_NAME]));
	return MNL_CB_OK;
}

int nf_events_read(struct nf_events *e, struct rule_writer *writer)
{
	struct reading r = { e, writer, false };
	char buf[EVENT_MAX];
	ssize_t len;

	for (;;) {
		len = mnl_socket_recvfrom(e->nl, buf, sizeof(buf));
		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return r.found;
		if (len < 0 && errno == ENOBUFS) {
			*writer = (struct rule_writer){ 0 };
			e->touched = false;
			r.found = true;
			continue;
		}
		if (len < 0)
			return -errno;
		if (mnl_cb_run(buf, len, 0, 0, take_event, &r) < 0)
			return -errno;
	}
}

void nf_events_close(struct nf_events *e)
{
	if (e->nl)
		mnl_socket_close(e->nl);
	e->nl = NULL;
}
