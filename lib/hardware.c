// SPDX-License-Identifier: GPL-2.0-only
#include "hardware.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "err.h"

struct found {
	char (*names)[IFNAMSIZ];
	size_t n;
};

static int add_link(const struct nlmsghdr *nlh, void *arg)
{
	struct found *found = arg;
	const char *name = NULL;
	struct nlattr *attr;
	bool device = false;

	mnl_attr_for_each(attr, nlh, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_IFNAME && !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			name = mnl_attr_get_str(attr);
		device |= mnl_attr_get_type(attr) == IFLA_PARENT_DEV_NAME;
	}
	if (!device || !name)
		return MNL_CB_OK;
	found->names = alloc_one_more(found->names, found->n, sizeof(*found->names));
	snprintf(found->names[found->n++], IFNAMSIZ, "%s", name);
	return MNL_CB_OK;
}

static int dump(struct mnl_socket *nl, struct found *found)
{
	char buf[32768];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *link;
	unsigned int port = mnl_socket_get_portid(nl);
	ssize_t len;
	int ret = MNL_CB_OK;

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = 1;
	link = mnl_nlmsg_put_extra_header(nlh, sizeof(*link));
	link->ifi_family = AF_UNSPEC;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	while (ret > MNL_CB_STOP) {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		ret = len < 0 ? MNL_CB_ERROR : mnl_cb_run(buf, len, 1, port, add_link, found);
	}
	return ret == MNL_CB_ERROR ? -errno : 0;
}

int hardware_read(char (**names)[IFNAMSIZ], size_t *n, struct err *err)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct found found = { 0 };
	int ret = 0;

	*names = NULL;
	*n = 0;
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		ret = -errno;
	if (!ret)
		ret = dump(nl, &found);
	if (nl)
		mnl_socket_close(nl);
	if (ret) {
		free(found.names);
		return err_set(err, ret, "cannot list the network interfaces: %s", strerror(-ret));
	}
	*names = found.names;
	*n = found.n;
	return 0;
}
