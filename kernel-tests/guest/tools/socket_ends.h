/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_SOCKET_ENDS_H
#define GUEST_SOCKET_ENDS_H

#include "net/address.h"

struct socket_kind;

/* How far the sockets of a kind are */
enum stage {
	STAGE_NONE,
	STAGE_OPEN,
	STAGE_BOUND,
	STAGE_LISTENS,
	STAGE_CONNECTED,
	STAGE_ACCEPTED,
	STAGE_SENT,
};

/*
 * A kind that listens has three sockets: one listens, one connects to it, and one is accepted. Any
 * other kind has one socket, which is connected to itself.
 */
struct ends {
	const struct socket_kind *kind;
	union address at;
	socklen_t len;
	enum stage stage; /* reached */
	int listener, client, server;
};

struct socket_call {
	const char *name;
	enum stage stage;           /* the one that must be reached before it */
	int (*act)(struct ends *e); /* returns 0 or errno */
};

/* NULL: there is none of this name. */
const struct socket_call *socket_call_find(const char *name);

/* No socket yet. Returns 0, or EINVAL for a kind or an address that is none. */
int ends_init(struct ends *e, const char *kind, const char *address, const char *port);

/* From the stage that is reached to this one. Returns 0, or the errno of what failed. */
int ends_advance(struct ends *e, enum stage stage);

void ends_close(struct ends *e);

#endif
