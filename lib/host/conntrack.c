// SPDX-License-Identifier: GPL-2.0-only
#include "host/conntrack.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "host/netlink.h"

/* The attribute's bytes, if it is there and has this length; else NULL. */
static const void *attr_bytes(const struct nlattr *attr, size_t len)
{
	return attr && mnl_attr_get_payload_len(attr) == len ? mnl_attr_get_payload(attr) : NULL;
}

static uint16_t u16_of(const struct nlattr *attr)
{
	const uint8_t *b = attr_bytes(attr, 2);

	return b ? b[0] << 8 | b[1] : 0;
}

static uint32_t u32_of(const struct nlattr *attr)
{
	uint32_t value = 0;
	const void *b = attr_bytes(attr, sizeof(value));

	if (b)
		memcpy(&value, b, sizeof(value));
	return value;
}

static uint64_t u64_of(const struct nlattr *attr)
{
	uint64_t value = 0;
	const void *b = attr_bytes(attr, sizeof(value));

	if (b)
		memcpy(&value, b, sizeof(value));
	return be64toh(value);
}

static bool read_address(const struct nlattr *v4, const struct nlattr *v6, struct net *address)
{
	int family = v4 ? AF_INET : AF_INET6;
	const void *b = attr_bytes(v4 ? v4 : v6, net_bits(family) / 8);

	*address = (struct net){ .family = family, .len = net_bits(family) };
	if (b)
		memcpy(address->addr, b, net_bits(family) / 8);
	return b;
}

static bool read_tuple(const struct nlattr *attr, struct conntrack_tuple *tuple)
{
	const struct nlattr *tb[CTA_TUPLE_ZONE + 1], *ip[CTA_IP_V6_DST + 1],
		*proto[CTA_PROTO_DST_PORT + 1];
	const uint8_t *number;

	netlink_nest(attr, tb, CTA_TUPLE_ZONE);
	netlink_nest(tb[CTA_TUPLE_IP], ip, CTA_IP_V6_DST);
	netlink_nest(tb[CTA_TUPLE_PROTO], proto, CTA_PROTO_DST_PORT);
	number = attr_bytes(proto[CTA_PROTO_NUM], 1);
	if (!number)
		return false;
	tuple->proto = *number;
	tuple->sport = u16_of(proto[CTA_PROTO_SRC_PORT]);
	tuple->dport = u16_of(proto[CTA_PROTO_DST_PORT]);
	return read_address(ip[CTA_IP_V4_SRC], ip[CTA_IP_V6_SRC], &tuple->src) &&
	       read_address(ip[CTA_IP_V4_DST], ip[CTA_IP_V6_DST], &tuple->dst) &&
	       tuple->src.family == tuple->dst.family;
}

static void read_counters(const struct nlattr *const directions[2], struct conntrack_entry *entry)
{
	const struct nlattr *tb[CTA_COUNTERS_BYTES + 1];
	int i;

	for (i = 0; i < 2; i++) {
		netlink_nest(directions[i], tb, CTA_COUNTERS_BYTES);
		entry->counted = entry->counted || directions[i];
		entry->packets += u64_of(tb[CTA_COUNTERS_PACKETS]);
		entry->bytes += u64_of(tb[CTA_COUNTERS_BYTES]);
	}
}

static void read_secctx(const struct nlattr *attr, struct conntrack_entry *entry)
{
	const struct nlattr *tb[CTA_SECCTX_NAME + 1];

	netlink_nest(attr, tb, CTA_SECCTX_NAME);
	if (tb[CTA_SECCTX_NAME] && mnl_attr_validate(tb[CTA_SECCTX_NAME], MNL_TYPE_NUL_STRING) == 0)
		entry->secctx = mnl_attr_get_str(tb[CTA_SECCTX_NAME]);
}

int conntrack_parse(const struct nlmsghdr *message, struct conntrack_entry *entry)
{
	const struct nlattr *tb[CTA_MAX + 1], *orig;
	struct conntrack_key *key = &entry->key;

	memset(entry, 0, sizeof(*entry));
	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct nfgenmsg))
		return -EINVAL;
	netlink_attrs(message, sizeof(struct nfgenmsg), tb, CTA_MAX);
	orig = tb[CTA_TUPLE_ORIG];
	if (!orig || mnl_attr_get_payload_len(orig) > sizeof(key->tuple) ||
	    !read_tuple(orig, &entry->orig) || !tb[CTA_TUPLE_REPLY] ||
	    !read_tuple(tb[CTA_TUPLE_REPLY], &entry->reply))
		return -EINVAL;
	key->family = entry->orig.src.family;
	key->zone = u16_of(tb[CTA_ZONE]);
	key->id = u32_of(tb[CTA_ID]);
	key->len = mnl_attr_get_payload_len(orig);
	memcpy(key->tuple, mnl_attr_get_payload(orig), key->len);
	entry->status = ntohl(u32_of(tb[CTA_STATUS]));
	read_counters((const struct nlattr *const[]){ tb[CTA_COUNTERS_ORIG],
						      tb[CTA_COUNTERS_REPLY] },
		      entry);
	read_secctx(tb[CTA_SECCTX], entry);
	return 0;
}

bool conntrack_labeled(const struct conntrack_entry *entry, const char *unlabeled)
{
	return entry->secctx && (!unlabeled || strcmp(entry->secctx, unlabeled));
}

bool conntrack_is_empty(void)
{
	FILE *in = fopen("/proc/sys/net/netfilter/nf_conntrack_count", "re");
	unsigned long n;
	bool is;

	/* without the module there is no such file, but other settings are there */
	if (!in)
		return errno == ENOENT && !access("/proc/sys/net/core", F_OK);
	is = fscanf(in, "%lu", &n) == 1 && !n;
	fclose(in);
	return is;
}

bool conntrack_counts_packets(void)
{
	FILE *in = fopen("/proc/sys/net/netfilter/nf_conntrack_acct", "re");
	int c = in ? getc(in) : EOF;

	if (in)
		fclose(in);
	return c != '0';
}

/* Asks for a connection without saying its ports: only who has code for them misses them
 * (ctnetlink_parse_tuple_proto()). */
bool conntrack_tells_ports(uint8_t proto)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request =
		netlink_netfilter(buf, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, AF_INET);
	struct nlattr *tuple = mnl_attr_nest_start(request, CTA_TUPLE_ORIG), *part;
	struct mnl_socket *nl;
	int ret;

	part = mnl_attr_nest_start(request, CTA_TUPLE_IP);
	mnl_attr_put_u32(request, CTA_IP_V4_SRC, htonl(INADDR_LOOPBACK));
	mnl_attr_put_u32(request, CTA_IP_V4_DST, htonl(INADDR_LOOPBACK));
	mnl_attr_nest_end(request, part);
	part = mnl_attr_nest_start(request, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(request, CTA_PROTO_NUM, proto);
	mnl_attr_nest_end(request, part);
	mnl_attr_nest_end(request, tuple);
	if (netlink_open(NETLINK_NETFILTER, &nl))
		return true;
	ret = netlink_do(nl, request, NULL, NULL);
	mnl_socket_close(nl);
	return ret && ret != -ENOENT;
}

static void conntrack_start(void *arg)
{
	const struct conntrack_reader *reader = arg;

	reader->start(reader->arg);
}

static int conntrack_message(const struct nlmsghdr *nlh, void *arg)
{
	const struct conntrack_reader *reader = arg;
	struct conntrack_entry entry;

	/* skip families that neither plans nor SELinux know */
	if (conntrack_parse(nlh, &entry) == 0)
		reader->entry(reader->arg, &entry);
	return MNL_CB_OK;
}

static int conntrack_explain(int error, struct err *err)
{
	switch (error) {
	case -EPERM:
		err_set(err, error, "no permission to read the kernel's connections");
		err_hint(err, "needs root, or CAP_NET_ADMIN");
		return error;
	case -EINVAL: /* no such part of nfnetlink: nfnetlink_rcv_msg(), net/netfilter/nfnetlink.c
		       */
	case -EPROTONOSUPPORT:
		err_set(err, -EOPNOTSUPP,
			"the kernel's connections cannot be read: it has no ctnetlink");
		err_hint(err, "module nf_conntrack_netlink, CONFIG_NF_CT_NETLINK");
		return -EOPNOTSUPP;
	default:
		return err_set(err, error, "the kernel's connections cannot be read: %s",
			       strerror(-error));
	}
}

int conntrack_read(const struct conntrack_reader *reader, struct err *err)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request =
		netlink_netfilter(buf, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, AF_UNSPEC);
	int ret = netlink_dump(NETLINK_NETFILTER, request, conntrack_start, conntrack_message,
			       (void *)reader);

	return ret ? conntrack_explain(ret, err) : 0;
}

int conntrack_delete(struct mnl_socket *nl, const struct conntrack_key *key)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request =
		netlink_netfilter(buf, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
				  key->family);

	/* without a tuple the kernel would delete all entries */
	if (!key->len)
		return -EINVAL;
	mnl_attr_put(request, CTA_TUPLE_ORIG | NLA_F_NESTED, key->len, key->tuple);
	if (key->zone)
		mnl_attr_put_u16(request, CTA_ZONE, htons(key->zone));
	mnl_attr_put_u32(request, CTA_ID, key->id);
	return netlink_do(nl, request, NULL, NULL);
}
