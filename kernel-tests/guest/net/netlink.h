/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_NETLINK_H
#define GUEST_NETLINK_H

#include <linux/netlink.h>

#include "runner/util.h"

/*
 * Sends the kernel one message: a netlink header, then these bytes. Returns 0 or -errno of sending.
 * The kernel's answer says whether it has done it.
 */
int netlink_send(int fd, int type, int flags, const void *body, size_t len);

/* A nested or plain attribute in a run of attributes; NULL if there is none of that type. */
const struct nlattr *attr_find(const void *attrs, size_t len, int type);
const void *attr_data(const struct nlattr *a);
size_t attr_len(const struct nlattr *a);

/* attr_find() inside a nested attribute; NULL in, NULL out. */
const struct nlattr *attr_in(const struct nlattr *nest, int type);

/* Writes an attribute of len bytes at at, which has room for it. Returns the room it took. */
size_t attr_put(char *at, int type, const void *data, size_t len);

#endif
