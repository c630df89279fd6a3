/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_NETLINK_H
#define SECMARK2_HOST_NETLINK_H

#include <stdint.h>

#include <libmnl/libmnl.h>

/* Large enough for any request of ours. */
#define NETLINK_REQUEST_MAX 512

/**
 * netlink_dump - have the kernel list things, anew if the list changed meanwhile
 * @bus:     NETLINK_*
 * @request: what to ask for; flags and sequence number are filled in
 * @start:   called before the first message of each attempt: what came before is void
 * @message: called with each message of the list; returns MNL_CB_OK
 * @arg:     for both of them
 *
 * Returns 0, -EINTR if the list changed in every attempt, or the kernel's -errno.
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

/**
 * netlink_list - have the kernel list things, in one attempt
 * @nl:      from netlink_open()
 * @request: what to ask for; flags are filled in, the sequence number is counted up
 * @message: called with each message of the list; returns MNL_CB_OK
 * @arg:     for it
 *
 * Returns 0, -EINTR if the list changed meanwhile, or the kernel's -errno. After a failure the
 * rest of the list may still arrive at @nl: close it.
 */
int netlink_list(struct mnl_socket *nl, struct nlmsghdr *request, mnl_cb_t message, void *arg);

/**
 * netlink_do - have the kernel do something, or tell one thing
 * @nl:      from netlink_open()
 * @request: what; flags are filled in, the sequence number is counted up
 * @message: called with the answer, if it is not NULL; returns MNL_CB_OK
 * @arg:     for it
 *
 * Returns 0 when the kernel has done it, or the kernel's -errno.
 */
int netlink_do(struct mnl_socket *nl, struct nlmsghdr *request, mnl_cb_t message, void *arg);

/* Begins a request to a subsystem of netfilter: @type is NFNL_SUBSYS_* << 8 and its own type,
 * @family is NFPROTO_* or AF_*. @buf has room for NETLINK_REQUEST_MAX bytes. */
struct nlmsghdr *netlink_netfilter(void *buf, uint16_t type, uint8_t family);

/* Puts the attributes within another one, or within a message after a header of that size, into
 * @tb by type, up to type @max; NULL where there is none. @tb has room for @max + 1. */
void netlink_nest(const struct nlattr *nest, const struct nlattr **tb, unsigned int max);
void netlink_attrs(const struct nlmsghdr *message, size_t header, const struct nlattr **tb,
		   unsigned int max);

#endif
