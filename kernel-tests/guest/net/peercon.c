// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "net/peercon.h"

#ifndef SCM_SECURITY
#define SCM_SECURITY 0x03 /* include/linux/socket.h; no header for programs has it */
#endif

static void peercon_none(char peercon[PEERCON_MAX])
{
	snprintf(peercon, PEERCON_MAX, "none");
}

void peercon_of_stream(int fd, char peercon[PEERCON_MAX])
{
	socklen_t len = PEERCON_MAX - 1;

	memset(peercon, 0, PEERCON_MAX);
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERSEC, peercon, &len))
		return;
	/* what the kernel says if there is none */
	if (errno == ENOPROTOOPT)
		peercon_none(peercon);
	else
		snprintf(peercon, PEERCON_MAX, "%s", strerrorname_np(errno));
}

void peercon_ask(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_IP, IP_PASSSEC, &on, sizeof(on));
}

ssize_t peercon_receive(int fd, void *buf, size_t size, struct sockaddr_storage *from,
			socklen_t *len, char peercon[PEERCON_MAX])
{
	char control[CMSG_SPACE(PEERCON_MAX)];
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = { .msg_name = from,
			      .msg_namelen = *len,
			      .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &msg, 0);

	*len = msg.msg_namelen;
	peercon_none(peercon);
	for (struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == SCM_SECURITY)
			snprintf(peercon, PEERCON_MAX, "%.*s", (int)(c->cmsg_len - CMSG_LEN(0)),
				 (char *)CMSG_DATA(c));
	return n;
}
