// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of nft, after all others, record the label of each packet: they add the packet's number and
 * the label's number to a set. The numbers of labels are the kernel's; we learn them from packets
 * whose label is known.
 */
#include "differential/flow_watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "packet/proto.h"
#include "util/alloc.h"

#define TABLE "watch"
#define NFT(msg) ((NFNL_SUBSYS_NFTABLES << 8) | (msg))
#define CT(msg) ((NFNL_SUBSYS_CTNETLINK << 8) | (msg))

/* SECINITSID_UNLABELED: for a policy, the same as no label */
#define SID_UNLABELED 3

struct watch {
	struct mnl_socket *socket;
	unsigned int seq;
	unsigned char *labels;
};

/* Where the kernel's answers are written. */
struct reading {
	const struct trial *trials;
	size_t n;
	struct seen *seen; /* NULL: calibration */
	unsigned char *labels;
	unsigned int set;
};

enum label label_of(const char *context)
{
	unsigned int n;

	if (!context || !strcmp(context, "system_u:object_r:unlabeled_t:s0"))
		return LABEL_NONE;
	if (sscanf(context, "system_u:object_r:l%u_t:s0", &n) == 1 &&
	    LABEL_FIRST + n < LABEL_FOREIGN)
		return LABEL_FIRST + n;
	return strcmp(context, "system_u:object_r:foreign_t:s0") ? LABEL_OTHER : LABEL_FOREIGN;
}

const char *label_name(enum label label)
{
	static const char *const names[] = {
		"none", "l0_t", "l1_t",      "l2_t",        "l3_t",    "l4_t",     "l5_t",
		"l6_t", "l7_t", "foreign_t", "another one", "several", "not seen",
	};

	return names[label];
}

static void watch_die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

struct watch *watch_open(unsigned char labels[WATCH_SIDS])
{
	struct watch *w = alloc_zeroed(1, sizeof(*w));

	w->labels = labels;
	w->socket = mnl_socket_open(NETLINK_NETFILTER);
	if (!w->socket || mnl_socket_bind(w->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		watch_die("netlink");
	return w;
}

void watch_close(struct watch *w)
{
	mnl_socket_close(w->socket);
	free(w);
}

static struct nlmsghdr *watch_message(struct watch *w, void *buf, unsigned int type,
				      unsigned int flags, unsigned int family)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++w->seq;
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	return nlh;
}

/* Reads until the end of the answer to the last message. */
static void watch_receive(struct watch *w, mnl_cb_t cb, void *arg)
{
	char buf[65536];
	ssize_t len;
	int ret;

	do {
		len = mnl_socket_recvfrom(w->socket, buf, sizeof(buf));
		if (len < 0)
			watch_die("netlink");
		ret = mnl_cb_run(buf, len, w->seq, mnl_socket_get_portid(w->socket), cb, arg);
		if (ret < 0)
			watch_die("netlink");
	} while (ret > 0);
}

static void watch_post(struct watch *w, const void *data, size_t len)
{
	if (mnl_socket_sendto(w->socket, data, len) < 0)
		watch_die("netlink");
}

/* @set: enum hook, or SET_OUTER_... */
static const char *set_name(unsigned int set, bool six, char name[32])
{
	snprintf(name, 32, "%s%d",
		 set == SET_OUTER_IN  ? "outer_input" :
		 set == SET_OUTER_OUT ? "outer_output" :
					hook_names[set],
		 six ? 6 : 4);
	return name;
}

/* The end of a batch, or its begin: without them the kernel takes no change. */
static size_t batch_edge(struct watch *w, char *at, unsigned int type)
{
	struct nlmsghdr *nlh = watch_message(w, at, type, 0, AF_UNSPEC);
	struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);

	nfg->res_id = htons(NFNL_SUBSYS_NFTABLES);
	return nlh->nlmsg_len;
}

static void clear_packets(struct watch *w)
{
	char buf[4096], name[32];
	struct nlmsghdr *nlh;
	size_t len;
	int i;

	len = batch_edge(w, buf, NFNL_MSG_BATCH_BEGIN);
	for (i = 0; i < SETS * 2; i++) {
		nlh = watch_message(w, buf + len, NFT(NFT_MSG_DELSETELEM),
				    i == SETS * 2 - 1 ? NLM_F_ACK : 0, NFPROTO_INET);
		mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_TABLE, TABLE);
		mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_SET, set_name(i / 2, i % 2, name));
		len += nlh->nlmsg_len;
	}
	len += batch_edge(w, buf + len, NFNL_MSG_BATCH_END);
	watch_post(w, buf, len);
	w->seq--; /* the answer is to the one before the end */
	watch_receive(w, NULL, NULL);
	w->seq++;
}

static const struct nlattr *watch_find_attr(const struct nlmsghdr *nlh, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static const struct nlattr *find_in(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr;

	if (nest)
		mnl_attr_for_each_nested(attr, nest)
			if (mnl_attr_get_type(attr) == type)
				return attr;
	return NULL;
}

/* The key is the packet's number and the label's, each in a word of its own. The packet's is that
 * of an outer packet in the kernel's byte order, or otherwise in that of the packet. */
static bool read_key(const struct nlattr *element, bool mark, bool six, unsigned int *packet,
		     uint32_t *sid)
{
	const struct nlattr *value = find_in(find_in(element, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE);
	const unsigned char *at = value ? mnl_attr_get_payload(value) : NULL;

	if (!value || mnl_attr_get_payload_len(value) != 8)
		return false;
	if (mark) {
		memcpy(packet, at, sizeof(*packet));
		*packet &= 0xffff;
	} else {
		*packet = six ? (at[0] & 0x0fu) << 16 | at[1] << 8 | at[2] :
				(at[0] & 0xffu) << 8 | at[1];
	}
	memcpy(sid, at + 4, sizeof(*sid));
	return true;
}

static enum label label_of_sid(const struct reading *r, uint32_t sid)
{
	if (!sid || sid == SID_UNLABELED)
		return LABEL_NONE;
	return sid < WATCH_SIDS && r->labels[sid] ? r->labels[sid] : LABEL_OTHER;
}

static void keep_packet(struct reading *r, unsigned int packet, uint32_t sid)
{
	enum label label = label_of_sid(r, sid);
	unsigned char *kept;

	/* 0: the packet belongs to no flow */
	if (!packet || packet >= PACKETS_OF(r->n))
		return;
	kept = &r->seen->packets[r->set][packet];
	*kept = *kept == LABEL_UNSEEN || *kept == label ? label : LABEL_SEVERAL;
}

static int read_elements(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *list = watch_find_attr(nlh, NFTA_SET_ELEM_LIST_ELEMENTS), *element;
	const struct nlattr *set = watch_find_attr(nlh, NFTA_SET_ELEM_LIST_SET);
	struct reading *r = arg;
	unsigned int packet;
	uint32_t sid;
	bool six;

	if (!list || !set)
		return MNL_CB_OK;
	six = mnl_attr_get_str(set)[strlen(mnl_attr_get_str(set)) - 1] == '6';
	mnl_attr_for_each_nested(element, list) {
		if (!read_key(element, r->set == SET_OUTER_OUT, six, &packet, &sid))
			continue;
		if (r->seen)
			keep_packet(r, packet, sid);
		else if (sid && sid < WATCH_SIDS)
			r->labels[sid] = packet / 4;
	}
	return MNL_CB_OK;
}

static void read_set(struct watch *w, const char *set, struct reading *r)
{
	char buf[512];
	struct nlmsghdr *nlh = watch_message(w, buf, NFT(NFT_MSG_GETSETELEM), NLM_F_DUMP,
					     NFPROTO_INET);

	mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_TABLE, TABLE);
	mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_SET, set);
	watch_post(w, nlh, nlh->nlmsg_len);
	watch_receive(w, read_elements, r);
}

void watch_clear(struct watch *w)
{
	char buf[256];
	struct nlmsghdr *nlh;

	clear_packets(w);
	nlh = watch_message(w, buf, CT(IPCTNL_MSG_CT_DELETE), NLM_F_ACK, AF_UNSPEC);
	watch_post(w, nlh, nlh->nlmsg_len);
	watch_receive(w, NULL, NULL);
}

void watch_calibrate(struct watch *w)
{
	struct reading r = { .labels = w->labels };
	unsigned int sid, known = 0;

	read_set(w, "calibration4", &r);
	for (sid = 0; sid < WATCH_SIDS; sid++)
		known += w->labels[sid] != 0;
	if (known != LABEL_FOREIGN - LABEL_FIRST + 1)
		watch_die("the kernel's numbers of the labels");
}

static bool same_address(const struct nlattr *ip, int type4, int type6, const struct net *net)
{
	const struct nlattr *attr = find_in(ip, net->family == AF_INET ? type4 : type6);

	return attr &&
	       !memcmp(mnl_attr_get_payload(attr), net->addr, mnl_attr_get_payload_len(attr));
}

static bool same_number(const struct nlattr *proto, int type, unsigned int number)
{
	const struct nlattr *attr = find_in(proto, type);

	return attr && ntohs(mnl_attr_get_u16(attr)) == number;
}

static bool watch_is_flow(const struct flow *flow, unsigned int number, const struct nlattr *tuple)
{
	const struct nlattr *ip = find_in(tuple, CTA_TUPLE_IP),
			    *proto = find_in(tuple, CTA_TUPLE_PROTO);
	const struct nlattr *kind = find_in(proto, CTA_PROTO_NUM);

	if (!kind || mnl_attr_get_u8(kind) != flow->proto ||
	    !same_address(ip, CTA_IP_V4_SRC, CTA_IP_V6_SRC, &flow->src) ||
	    !same_address(ip, CTA_IP_V4_DST, CTA_IP_V6_DST, &flow->dst))
		return false;
	if (flow->proto == IPPROTO_ICMP)
		return same_number(proto, CTA_PROTO_ICMP_ID, number);
	if (flow->proto == IPPROTO_ICMPV6)
		return same_number(proto, CTA_PROTO_ICMPV6_ID, number);
	return !proto_has_ports(flow->proto) ||
	       (same_number(proto, CTA_PROTO_SRC_PORT, flow->sport) &&
		same_number(proto, CTA_PROTO_DST_PORT, flow->dport));
}

static int read_connection(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *name = find_in(watch_find_attr(nlh, CTA_SECCTX), CTA_SECCTX_NAME),
			    *tuple = watch_find_attr(nlh, CTA_TUPLE_ORIG);
	enum label label = label_of(name ? mnl_attr_get_str(name) : NULL);
	const struct reading *r = arg;
	const struct trial *t;

	for (t = r->trials; t < r->trials + r->n; t++) {
		if (!t->untracked && watch_is_flow(&t->flow, t->number, tuple))
			r->seen->connections[t->number] = label;
		if (t->tunnel && watch_is_flow(&t->outer, t->number, tuple))
			r->seen->outer_connections[t->number] = label;
	}
	return MNL_CB_OK;
}

static unsigned char *unseen(size_t n)
{
	unsigned char *labels = alloc_zeroed(n, 1);

	memset(labels, LABEL_UNSEEN, n);
	return labels;
}

void watch_read(struct watch *w, const struct trial *trials, size_t n, struct seen *seen)
{
	struct reading r = { .trials = trials, .n = n, .seen = seen, .labels = w->labels };
	char buf[256], name[32];
	struct nlmsghdr *nlh;

	seen->connections = unseen(n + 1);
	seen->outer_connections = unseen(n + 1);
	for (r.set = 0; r.set < SETS; r.set++) {
		seen->packets[r.set] = unseen(PACKETS_OF(n));
		read_set(w, set_name(r.set, false, name), &r);
		read_set(w, set_name(r.set, true, name), &r);
	}
	nlh = watch_message(w, buf, CT(IPCTNL_MSG_CT_GET), NLM_F_DUMP, AF_UNSPEC);
	watch_post(w, nlh, nlh->nlmsg_len);
	watch_receive(w, read_connection, &r);
}

void seen_free(struct seen *seen)
{
	unsigned int set;

	for (set = 0; set < SETS; set++)
		free(seen->packets[set]);
	free(seen->connections);
	free(seen->outer_connections);
	memset(seen, 0, sizeof(*seen));
}
