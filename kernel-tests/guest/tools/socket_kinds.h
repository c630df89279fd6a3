/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_SOCKET_KINDS_H
#define GUEST_SOCKET_KINDS_H

#include <stdbool.h>

enum socket_kind_flags {
	KIND_PORTS = 1,
	KIND_LISTENS = 2,
	KIND_STREAM = KIND_PORTS | KIND_LISTENS,
};

struct socket_kind {
	const char
		*name; /* the class that the kernel gives it, with some other ones of that class */
	int family;    /* 0: IPv4 or IPv6, as its address */
	int type;
	int protocol[2]; /* for IPv4, for IPv6; of other families the first */
	enum socket_kind_flags flags;
};

/* NULL: there is none of this name. */
const struct socket_kind *socket_kind_find(const char *name);

/* A socket of this kind; its errno if there is none, negative. v6: for kinds of both families */
int socket_kind_open(const struct socket_kind *kind, bool v6);

#endif
