// SPDX-License-Identifier: GPL-2.0-only
/* audit-enabled 0|1: switches audit off or on, as auditctl -e does. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct set_status {
	struct nlmsghdr head;
	struct audit_status status;
};

struct answer {
	struct nlmsghdr head;
	struct nlmsgerr error;
};

static int audit_enabled_set(int fd, unsigned int enabled)
{
	struct set_status ask = {
		.head = { .nlmsg_len = sizeof(ask),
			  .nlmsg_type = AUDIT_SET,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.status = { .mask = AUDIT_STATUS_ENABLED, .enabled = enabled },
	};
	struct answer answer;

	if (send(fd, &ask, sizeof(ask), 0) < 0 || recv(fd, &answer, sizeof(answer), 0) < 0)
		return -errno;
	return answer.head.nlmsg_type == NLMSG_ERROR ? answer.error.error : -EPROTO;
}

int main(int argc, char **argv)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT), ret;

	if (argc != 2 || (strcmp(argv[1], "0") && strcmp(argv[1], "1"))) {
		fprintf(stderr, "usage: audit-enabled 0|1\n");
		return 2;
	}
	ret = fd < 0 ? -errno : audit_enabled_set(fd, *argv[1] == '1');
	if (ret)
		fprintf(stderr, "audit-enabled: %s\n", strerror(-ret));
	return ret ? 1 : 0;
}
