// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records arrive by multicast (AUDIT_NLGRP_READLOG), which needs no audit daemon and works with
 * auditing switched off. The kernel puts them in one queue with user messages, so a user message
 * read back marks a point in that queue.
 */
#include <errno.h>
#include <linux/audit.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/audit.h"
#include "net/netlink.h"
#include "runner/util.h"

#define MARKER "secmark2-marker="
#define SYNC_MS 3000
/* No TCP or SCTP of Linux repeats itself faster than this (TCP_RTO_MIN is 200 ms). */
#define RETRANSMIT_MS 180

int audit_open(struct audit *a)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK,
				    .nl_groups = 1u << (AUDIT_NLGRP_READLOG - 1) };
	int size = 4 << 20;

	*a = (struct audit){ .fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
					  NETLINK_AUDIT) };
	if (a->fd < 0)
		return -errno;
	setsockopt(a->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return bind(a->fd, (struct sockaddr *)&addr, sizeof(addr)) ? -errno : 0;
}

static bool audit_is_retransmit(const struct audit *a, const struct avc *avc)
{
	if (!avc_has_ports(avc))
		return false;
	if (avcs_has(&a->known, avc))
		return true;
	for (size_t i = 0; i < a->came.n; i++)
		if (avc_equal(&a->came.v[i], avc) && avc->ms - a->came.v[i].ms >= RETRANSMIT_MS)
			return true;
	return false;
}

/* Takes what avc holds. */
static void audit_add(struct audit *a, struct avc *avc)
{
	if (audit_is_retransmit(a, avc))
		avc_free(avc);
	else
		avcs_add(&a->came, avc);
}

/*
 * Reads one message. Returns its type, 0 when there is none. Records are added; text gets the
 * payload.
 */
static int audit_read(struct audit *a, char *text, size_t size)
{
	char buf[16384];
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	ssize_t n = recv(a->fd, buf, sizeof(buf) - 1, 0);
	struct avc avc;

	if (n < (ssize_t)NLMSG_HDRLEN)
		return 0;
	/*
	 * nlmsg_len of audit messages counts differently from kernel to kernel; the datagram's
	 * length is right.
	 */
	buf[n] = '\0';
	snprintf(text, size, "%.*s", (int)size - 1, (char *)NLMSG_DATA(nlh));
	if (nlh->nlmsg_type == AUDIT_AVC && avc_parse(&avc, text) == 0)
		audit_add(a, &avc);
	if (nlh->nlmsg_type == AUDIT_SELINUX_ERR) {
		avc_other(&avc, text);
		audit_add(a, &avc);
	}
	return nlh->nlmsg_type;
}

void audit_collect(struct audit *a)
{
	char text[9000];

	while (audit_read(a, text, sizeof(text)))
		;
}

int audit_sync(struct audit *a)
{
	struct pollfd pfd = { .fd = a->fd, .events = POLLIN };
	long long end = now_ms() + SYNC_MS;
	char marker[64], text[9000];
	int type, err;

	snprintf(marker, sizeof(marker), MARKER "%u;", ++a->marker);
	/* AUDIT_USER_AVC is the one user message that passes while auditing is off. */
	err = netlink_send(a->fd, AUDIT_USER_AVC, 0, marker, strlen(marker) + 1);
	if (err)
		return err;
	while (now_ms() < end) {
		type = audit_read(a, text, sizeof(text));
		if (type == AUDIT_USER_AVC && strstr(text, marker))
			return 0;
		if (!type)
			poll(&pfd, 1, end - now_ms());
	}
	return -ETIMEDOUT;
}

size_t audit_news(const struct audit *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->came.n; i++)
		n += !avcs_has(&a->often, &a->came.v[i]);
	return n;
}

void audit_reset(struct audit *a)
{
	for (size_t i = 0; i < a->came.n; i++) {
		struct avc *avc = &a->came.v[i];

		if (avc_has_ports(avc) && !avcs_has(&a->known, avc))
			avcs_add(&a->known, avc);
	}
	avcs_free(&a->came);
}
