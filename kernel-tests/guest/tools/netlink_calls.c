// SPDX-License-Identifier: GPL-2.0-only
/*
 * netlink KIND TYPE...
 *     sends one packet with a message of each type. Most of a message is zeros, which change
 * nothing. What the kernel answers is not read: SELinux is asked before the kernel looks at a
 * message
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/xfrm.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/socket_kinds.h"

#define MESSAGES 2

static const struct {
	const char *name;
	int type;
} types[] = {
	{ "RTM_GETLINK", RTM_GETLINK },
	{ "RTM_SETLINK", RTM_SETLINK },
	{ "XFRM_MSG_GETSADINFO", XFRM_MSG_GETSADINFO },
	{ "XFRM_MSG_NEWSPDINFO", XFRM_MSG_NEWSPDINFO },
	{ "SOCK_DIAG_BY_FAMILY", SOCK_DIAG_BY_FAMILY },
	{ "SOCK_DESTROY", SOCK_DESTROY },
	{ "AUDIT_GET", AUDIT_GET },
	{ "AUDIT_SET", AUDIT_SET },
	{ "AUDIT_LIST_RULES", AUDIT_LIST_RULES },
	{ "AUDIT_USER", AUDIT_USER },
	{ "AUDIT_TTY_SET", AUDIT_TTY_SET },
};

struct message {
	struct nlmsghdr head;
	char zeros[64];
};

/* Returns -1 if there is none of this name. */
static int message_type(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(types); i++)
		if (!strcmp(types[i].name, name))
			return types[i].type;
	return -1;
}

static int netlink_run(int argc, char **argv)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const struct socket_kind *kind = socket_kind_find(argv[0]);
	struct message messages[MESSAGES] = { 0 };
	int fd = kind ? socket_kind_open(kind, false) : -EINVAL, n = argc - 1, err;

	errno = fd < 0 ? -fd : n > MESSAGES ? E2BIG : 0;
	for (int i = 0; !errno && i < n; i++) {
		messages[i].head.nlmsg_len = sizeof(messages[i]);
		messages[i].head.nlmsg_type = message_type(argv[i + 1]);
		messages[i].head.nlmsg_flags = NLM_F_REQUEST;
	}
	if (errno)
		calls_die(argv[0]);
	err = sendto(fd, messages, n * sizeof(messages[0]), 0, (const struct sockaddr *)&kernel,
		     sizeof(kernel)) < 0 ?
		      errno :
		      0;
	close(fd);
	return calls_say(argv[n], argv[0], err);
}

const struct calls_word netlink_words[] = {
	{ "netlink", "KIND TYPE...", 2, netlink_run },
	{ NULL, NULL, 0, NULL },
};
