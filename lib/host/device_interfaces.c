// SPDX-License-Identifier: GPL-2.0-only
#include "host/device_interfaces.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "host/netlink.h"
#include "packet/iface.h"
#include "util/alloc.h"

struct found {
	bool vrfs;
	char (*names)[IFNAMSIZ];
	size_t n;
};

/* Would rules for this name be for this interface only? If not, it is like one without a device. */
static bool rules_can_name(const char *name)
{
	return iface_can_be_named(name) && *name && name[strlen(name) - 1] != '+';
}

static bool is_vrf(const struct nlattr *info)
{
	const struct nlattr *tb[IFLA_INFO_KIND + 1];

	netlink_nest(info, tb, IFLA_INFO_KIND);
	return tb[IFLA_INFO_KIND] && !mnl_attr_validate(tb[IFLA_INFO_KIND], MNL_TYPE_NUL_STRING) &&
	       !strcmp(mnl_attr_get_str(tb[IFLA_INFO_KIND]), "vrf");
}

static int add_link(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[IFLA_PARENT_DEV_NAME + 1], *name;
	struct found *found = arg;

	netlink_attrs(nlh, sizeof(struct ifinfomsg), tb, IFLA_PARENT_DEV_NAME);
	name = tb[IFLA_IFNAME];
	if (found->vrfs ? !is_vrf(tb[IFLA_LINKINFO]) : !tb[IFLA_PARENT_DEV_NAME])
		return MNL_CB_OK;
	if (!name || mnl_attr_validate(name, MNL_TYPE_NUL_STRING) ||
	    !rules_can_name(mnl_attr_get_str(name)))
		return MNL_CB_OK;
	found->names = alloc_one_more(found->names, found->n, sizeof(*found->names));
	snprintf(found->names[found->n++], IFNAMSIZ, "%s", mnl_attr_get_str(name));
	return MNL_CB_OK;
}

/* The list changed: what was read before is void. */
static void restart_interfaces(void *arg)
{
	((struct found *)arg)->n = 0;
}

static int interfaces_read(bool vrfs, char (**names)[IFNAMSIZ], size_t *n, struct err *err)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(request, sizeof(*link));
	struct found found = { .vrfs = vrfs };
	int ret;

	request->nlmsg_type = RTM_GETLINK;
	link->ifi_family = AF_UNSPEC;
	ret = netlink_dump(NETLINK_ROUTE, request, restart_interfaces, add_link, &found);
	*names = ret ? NULL : found.names;
	*n = ret ? 0 : found.n;
	if (!ret)
		return 0;
	free(found.names);
	return err_set(err, ret, "cannot list the network interfaces: %s", strerror(-ret));
}

int device_interfaces_read(char (**names)[IFNAMSIZ], size_t *n, struct err *err)
{
	return interfaces_read(false, names, n, err);
}

int device_interfaces_vrfs(char (**names)[IFNAMSIZ], size_t *n, struct err *err)
{
	return interfaces_read(true, names, n, err);
}
