/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_NETLINK_H
#define SECMARK2_HOST_NETLINK_H

#include <libmnl/libmnl.h>

/* Large enough for any request of ours. */
#define NETLINK_REQUEST_MAX 512

/**
 * netlink_dump - have the kernel list things
 * @bus:     NETLINK_*
 * @request: what to ask for; flags and sequence number are filled in
 * @start:   called before the first message, and again each time the list changed while it was
 *           being read and is read anew: what came before is void
 * @message: called with each message of the list; returns MNL_CB_OK
 * @arg:     for both of them
 *
 * Returns 0, -EINTR where the list never holds still, or what the kernel answers with.
 */
int netlink_dump(int bus, struct nlmsghdr *request, void (*start)(void *arg), mnl_cb_t message,
		 void *arg);

/**
 * netlink_open - a socket for several requests
 * @bus: NETLINK_*
 * @nl:  where to; the caller ends it with mnl_socket_close()
 *
 * Returns 0, or -errno.
 */
int netlink_open(int bus, struct mnl_socket **nl);

/* Has the kernel do something. Returns 0 when that is done, or -errno. */
int netlink_do(struct mnl_socket *nl, struct nlmsghdr *request);

/* The attributes within one, or within a message behind a header of that size, by type: those up to
 * @max; NULL where there is none. @tb has room for @max + 1. */
void netlink_nest(const struct nlattr *nest, const struct nlattr **tb, unsigned int max);
void netlink_attrs(const struct nlmsghdr *message, size_t header, const struct nlattr **tb,
		   unsigned int max);

#endif
