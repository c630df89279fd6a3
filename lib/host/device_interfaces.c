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
	char (*names)[IFNAMSIZ];
	size_t n;
};

/* Would rules for this name be for this interface only? If not, it is like one without a device. */
static bool rules_can_name(const char *name)
{
	return iface_can_be_named(name) && *name && name[strlen(name) - 1] != '+';
}

static int add_link(const struct nlmsghdr *nlh, void *arg)
{
	struct found *found = arg;
	const char *name = NULL;
	struct nlattr *attr;
	bool device = false;

	mnl_attr_for_each(attr, nlh, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_IFNAME &&
		    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			name = mnl_attr_get_str(attr);
		device |= mnl_attr_get_type(attr) == IFLA_PARENT_DEV_NAME;
	}
	if (!device || !name || !rules_can_name(name))
		return MNL_CB_OK;
	found->names = alloc_one_more(found->names, found->n, sizeof(*found->names));
	snprintf(found->names[found->n++], IFNAMSIZ, "%s", name);
	return MNL_CB_OK;
}

/* The list changed: what was read before is void. */
static void restart_interfaces(void *arg)
{
	((struct found *)arg)->n = 0;
}

int device_interfaces_read(char (**names)[IFNAMSIZ], size_t *n, struct err *err)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(request, sizeof(*link));
	struct found found = { 0 };
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
