/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_SCTP_H
#define GUEST_SCTP_H

#include "tools/socket_ends.h"

/* setsockopt(2) of SCTP. Returns 0 or errno. */
int sctp_option(int fd, int name, const void *value, socklen_t len);

/* The sockets of a kind as far as stage; ends with exit status 2 if they do not get there. */
struct ends sctp_ready(const char *kind, const char *address, const char *port, enum stage stage);

/*
 * Connects, without the kernel's patience: it would send again for a minute, and a socket with many
 * associations does so in silence. Returns 0 or errno. The socket does not block afterwards.
 */
int sctp_connect_soon(int fd, const struct ends *to);

/*
 * The id (sctp_assoc_t) of the only association of a socket that may have many. Ends with exit
 * status 2 if it has none.
 */
int sctp_association(int fd);

#endif
