// SPDX-License-Identifier: GPL-2.0-only
#include "host/sockets.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "host/netlink.h"
#include "host/socket_count.h"
#include "util/alloc.h"

/* States of the kernel's include/net/tcp_states.h: those of all protocols are numbered like them */
enum { STATE_TIME_WAIT = 6, STATE_LISTEN = 10, STATE_NEW_SYN_RECV = 12 };

/* /proc/net is that of the process, and a thread can be in another network namespace */
#define PROTOCOLS_FILE "/proc/thread-self/net/protocols"

/* They are no sockets any more, or not yet */
#define NO_SOCKETS (1u << STATE_TIME_WAIT | 1u << STATE_NEW_SYN_RECV)

#define MAPPED_BYTES 12 /* before the IPv4 address: packet/net.h */

const char *const sockets_modules[SOCKETS_MODULES] = {
	[SOCKETS_UDP] = "udp_diag",
	[SOCKETS_RAW] = "raw_diag",
	[SOCKETS_SCTP] = "sctp_diag",
	[SOCKETS_DCCP] = "dccp_diag",
};

/* What is asked for, and how the kernel counts it. tcp has to be there. */
static const struct sockets_protocol {
	uint8_t proto;
	enum sockets_module module;
	const char *names[2]; /* of IPv4 and IPv6 in /proc/net/protocols */
} protocols[] = {
	{ IPPROTO_TCP, SOCKETS_MODULES, { "TCP", "TCPv6" } },
	{ IPPROTO_UDP, SOCKETS_UDP, { "UDP", "UDPv6" } },
	{ IPPROTO_RAW, SOCKETS_RAW, { "RAW", "RAWv6" } },
	{ IPPROTO_SCTP, SOCKETS_SCTP, { "SCTP", "SCTPv6" } },
	{ IPPROTO_DCCP, SOCKETS_DCCP, { "DCCP", "DCCPv6" } },
	{ IPPROTO_UDPLITE, SOCKETS_UDP, { "UDP-Lite", "UDPLITEv6" } },
};

struct reading {
	struct host_sockets *list;
	size_t before; /* the sockets of earlier requests */
	uint8_t proto;
	unsigned int place;
};

/* Does a socket of this protocol wait for packets without listen(2)? */
static bool is_datagram(uint8_t proto)
{
	return proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE || proto == IPPROTO_RAW;
}

/* Reads an address; all zeros is none. */
static struct net take_address(uint8_t family, const void *bytes)
{
	static const uint8_t none[16];
	struct net net = { .family = family, .len = net_bits(family) };

	memcpy(net.addr, bytes, net.len / 8);
	if (net_is_mapped(&net)) {
		net = (struct net){ .family = AF_INET, .len = net_bits(AF_INET) };
		memcpy(net.addr, (const uint8_t *)bytes + MAPPED_BYTES, net.len / 8);
	}
	if (!memcmp(net.addr, none, sizeof(none)))
		net.len = 0;
	return net;
}

/* An IPv6 socket that is bound to no address takes IPv4 packets, unless it says that it does not.
 */
static bool takes_both(const struct nlmsghdr *message, const struct host_socket *s)
{
	const struct nlattr *tb[INET_DIAG_SKV6ONLY + 1];

	netlink_attrs(message, sizeof(struct inet_diag_msg), tb, INET_DIAG_SKV6ONLY);
	return s->local.family == AF_INET6 && !s->local.len && !s->raw &&
	       !(tb[INET_DIAG_SKV6ONLY] && mnl_attr_get_payload_len(tb[INET_DIAG_SKV6ONLY]) &&
		 mnl_attr_get_u8(tb[INET_DIAG_SKV6ONLY]));
}

int sockets_parse(const struct nlmsghdr *message, uint8_t proto, struct host_socket *s)
{
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(message);

	*s = (struct host_socket){ .proto = proto, .raw = proto == IPPROTO_RAW };
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*m) || !m->idiag_inode ||
	    (m->idiag_family != AF_INET && m->idiag_family != AF_INET6))
		return -EINVAL;
	s->local = take_address(m->idiag_family, m->id.idiag_src);
	s->remote = take_address(m->idiag_family, m->id.idiag_dst);
	s->lport = ntohs(m->id.idiag_sport);
	s->rport = ntohs(m->id.idiag_dport);
	s->inode = m->idiag_inode;
	if (s->raw) {
		/* the kernel keeps the protocol in the place of the local port */
		s->proto = s->lport;
		s->lport = s->rport = 0;
	}
	s->connected = s->raw ? s->remote.len : s->rport;
	if (!s->connected && !is_datagram(proto) && m->idiag_state != STATE_LISTEN)
		return -EINVAL;
	s->both = takes_both(message, s);
	/* ::, when the other end is IPv4 */
	if (s->connected && s->local.family != s->remote.family)
		return -EINVAL;
	return 0;
}

static void restart_sockets(void *arg)
{
	struct reading *r = arg;

	r->list->n = r->before;
}

static int take_socket(const struct nlmsghdr *message, void *arg)
{
	struct reading *r = arg;
	struct host_socket s;

	if (sockets_parse(message, r->proto, &s))
		return MNL_CB_OK;
	s.place = r->place;
	r->list->v = alloc_one_more(r->list->v, r->list->n, sizeof(s));
	r->list->v[r->list->n++] = s;
	return MNL_CB_OK;
}

static int read_protocol(struct host_sockets *list, unsigned int place, uint8_t family,
			 uint8_t proto)
{
	struct reading r = { .list = list, .before = list->n, .proto = proto, .place = place };
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *ask = mnl_nlmsg_put_extra_header(request, sizeof(*ask));

	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	ask->sdiag_family = family;
	ask->sdiag_protocol = proto;
	ask->idiag_states = ~NO_SOCKETS;
	return netlink_dump(NETLINK_SOCK_DIAG, request, restart_sockets, take_socket, &r);
}

static int cannot_list(int ret, struct err *err)
{
	err_set(err, ret, "cannot list the sockets: %s", strerror(-ret));
	if (ret == -ENOENT)
		err_hint(err, "try modprobe tcp_diag");
	return ret;
}

int sockets_read(struct host_sockets *list, unsigned int place, struct err *err)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	const struct sockets_protocol *p, *end = protocols + sizeof(protocols) / sizeof(*p);
	size_t k;
	int ret;

	for (p = protocols; p < end; p++) {
		for (k = 0; k < sizeof(families); k++) {
			ret = read_protocol(list, place, families[k], p->proto);
			/* a kernel without the protocol, or without the module that lists it */
			if (ret == -ENOENT && p->module < SOCKETS_MODULES)
				list->unlisted[p->module] += socket_count(PROTOCOLS_FILE,
									  p->names[k]);
			else if (ret)
				return cannot_list(ret, err);
		}
	}
	return 0;
}

static int compare_addresses(const struct net *a, const struct net *b)
{
	return a->family != b->family ? a->family - b->family :
					memcmp(a->addr, b->addr, sizeof(a->addr));
}

int sockets_compare_ends(const struct host_socket *a, const struct host_socket *b)
{
	int order;

	if (a->proto != b->proto)
		return a->proto - b->proto;
	if (a->lport != b->lport)
		return a->lport - b->lport;
	if (a->rport != b->rport)
		return a->rport - b->rport;
	order = compare_addresses(&a->remote, &b->remote);
	return order ? order : compare_addresses(&a->local, &b->local);
}

static int by_ends(const void *x, const void *y, void *sockets)
{
	const struct host_socket *v = sockets;

	return sockets_compare_ends(&v[*(const size_t *)x], &v[*(const size_t *)y]);
}

void sockets_sort_by_ends(const struct host_sockets *list, size_t *order, size_t n)
{
	if (n)
		qsort_r(order, n, sizeof(*order), by_ends, list->v);
}

size_t sockets_place_of_ends(const struct host_sockets *list, const size_t *order, size_t n,
			     const struct host_socket *ends)
{
	size_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (sockets_compare_ends(&list->v[order[mid]], ends) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void sockets_free(struct host_sockets *list)
{
	free(list->v);
	*list = (struct host_sockets){ 0 };
}
