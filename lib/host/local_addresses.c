// SPDX-License-Identifier: GPL-2.0-only
#include "host/local_addresses.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "host/netlink.h"
#include "util/alloc.h"

/* One type of route of one family. */
struct take {
	struct local_addresses *l;
	uint8_t family, type;
	size_t n_own, n_shared; /* what earlier dumps found */
};

static void restart_addresses(void *arg)
{
	struct take *t = arg;

	t->l->n_own = t->n_own;
	t->l->n_shared = t->n_shared;
}

static int take_route(const struct nlmsghdr *nlh, void *arg)
{
	const struct rtmsg *route = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_DST + 1];
	struct take *t = arg;
	struct net net;

	/* old kernels do not filter */
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*route) || route->rtm_family != t->family ||
	    route->rtm_type != t->type)
		return MNL_CB_OK;
	netlink_attrs(nlh, sizeof(*route), tb, RTA_DST);
	net = (struct net){ .family = route->rtm_family, .len = route->rtm_dst_len };
	if (tb[RTA_DST] && mnl_attr_get_payload_len(tb[RTA_DST]) == net_bits(net.family) / 8)
		memcpy(net.addr, mnl_attr_get_payload(tb[RTA_DST]), net_bits(net.family) / 8);
	else if (net.len)
		return MNL_CB_OK;
	local_addresses_add(t->l, t->type == RTN_LOCAL, &net);
	return MNL_CB_OK;
}

static int read_routes(struct local_addresses *l, uint8_t family, uint8_t type)
{
	struct take take = { l, family, type, l->n_own, l->n_shared };
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct rtmsg *route = mnl_nlmsg_put_extra_header(request, sizeof(*route));

	/* all tables, because a VRF's table has its addresses */
	request->nlmsg_type = RTM_GETROUTE;
	route->rtm_family = family;
	route->rtm_type = type;
	return netlink_dump(NETLINK_ROUTE, request, restart_addresses, take_route, &take);
}

static int compare_nets(const void *a, const void *b)
{
	const struct net *x = a, *y = b;
	int order = x->family < y->family ? -1 : x->family > y->family;

	if (!order)
		order = memcmp(x->addr, y->addr, sizeof(x->addr));
	return order ? order : x->len - y->len;
}

/* A network comes right before those that are in it. */
static void sort_nets(struct net *v, size_t *n)
{
	size_t i, kept = 0;

	if (*n)
		qsort(v, *n, sizeof(*v), compare_nets);
	for (i = 0; i < *n; i++)
		if (!kept || !net_contains(&v[kept - 1], &v[i]))
			v[kept++] = v[i];
	*n = kept;
}

void local_addresses_sort(struct local_addresses *l)
{
	sort_nets(l->own, &l->n_own);
	sort_nets(l->shared, &l->n_shared);
	l->sorted = true;
}

int local_addresses_read(struct local_addresses *l, struct err *err)
{
	static const struct {
		uint8_t family, type;
	} routes[] = {
		{ AF_INET, RTN_LOCAL },
		{ AF_INET, RTN_BROADCAST },
		{ AF_INET6, RTN_LOCAL },
		{ AF_INET6, RTN_ANYCAST },
	};
	size_t i;
	int ret;

	*l = (struct local_addresses){ 0 };
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		ret = read_routes(l, routes[i].family, routes[i].type);
		/* a new network namespace has no table for them yet: inet_dump_fib() */
		if (ret && ret != -ENOENT)
			return err_set(err, ret, "the addresses of this host cannot be read: %s",
				       strerror(-ret));
	}
	local_addresses_sort(l);
	return 0;
}

void local_addresses_add(struct local_addresses *l, bool own, const struct net *net)
{
	struct net **v = own ? &l->own : &l->shared;
	size_t *n = own ? &l->n_own : &l->n_shared;

	*v = alloc_one_more(*v, *n, sizeof(**v));
	(*v)[(*n)++] = *net;
	l->sorted = false;
}

static bool is_among_nets(const struct net *v, size_t n, const struct net *address)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (net_contains(&v[i], address))
			return true;
	return false;
}

/* The only network that can have the address is the last one that does not begin behind it. */
static bool is_among_sorted_nets(const struct net *v, size_t n, const struct net *address)
{
	size_t from = 0, to = n, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (compare_nets(&v[mid], address) <= 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from && net_contains(&v[from - 1], address);
}

static bool local_addresses_have(const struct local_addresses *l, const struct net *v, size_t n,
				 const struct net *address)
{
	return l->sorted ? is_among_sorted_nets(v, n, address) : is_among_nets(v, n, address);
}

bool local_addresses_sends(const struct local_addresses *l, const struct net *address)
{
	return local_addresses_have(l, l->own, l->n_own, address);
}

bool local_addresses_receives(const struct local_addresses *l, const struct net *address)
{
	/* 255.255.255.255 is in no table */
	static const struct net always[] = {
		{ .family = AF_INET, .len = 4, .addr = { 224 } },
		{ .family = AF_INET, .len = 32, .addr = { 255, 255, 255, 255 } },
		{ .family = AF_INET6, .len = 8, .addr = { 0xff } },
	};

	return local_addresses_have(l, l->own, l->n_own, address) ||
	       local_addresses_have(l, l->shared, l->n_shared, address) ||
	       is_among_nets(always, sizeof(always) / sizeof(always[0]), address);
}

void local_addresses_free(struct local_addresses *l)
{
	free(l->own);
	free(l->shared);
	*l = (struct local_addresses){ 0 };
}
