/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_PEERCON_H
#define GUEST_PEERCON_H

#include <sys/socket.h>
#include <sys/types.h>

/* More than a context of the cases has. */
#define PEERCON_MAX 256

/* What a connected stream knows of the label of its other end (SO_PEERSEC); without one: "none".
 * The errno's name if the kernel refuses to say it. */
void peercon_of_stream(int fd, char peercon[PEERCON_MAX]);

/* From now on each IPv4 datagram brings its label along (IP_PASSSEC). IPv6 has no such option. */
void peercon_ask(int fd);

/* As recvfrom(2), with the label of the datagram (SCM_SECURITY); without one: "none". */
ssize_t peercon_receive(int fd, void *buf, size_t size, struct sockaddr_storage *from,
			socklen_t *len, char peercon[PEERCON_MAX]);

#endif
