/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_TRACKED_SOCKETS_H
#define SECMARK2_HOST_TRACKED_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>

struct conntrack_entry;
struct err;
struct host_sockets;

/* What connection tracking knows about a socket. */
struct tracked_socket {
	bool tracked;
	bool answers; /* the other end began */
	char *label;  /* of the connection; NULL: none */
};

struct tracked_sockets {
	const struct host_sockets *sockets;
	struct tracked_socket *v; /* one for each of them, in their order */
	size_t *order; /* the numbers of those that are connected, sorted by their ends */
	size_t n_order;
	const char *unlabeled;
};

/**
 * tracked_sockets_init - none is tracked yet
 * @t:         filled; free it with tracked_sockets_free()
 * @sockets:   they have to live as long as @t, and must not change
 * @unlabeled: the policy's context of packets without a label, or NULL; has to live as long
 */
void tracked_sockets_init(struct tracked_sockets *t, const struct host_sockets *sockets,
			  const char *unlabeled);

/**
 * tracked_sockets_read - which sockets does connection tracking of this network namespace know?
 * @t:   from tracked_sockets_init(); gets the answers for the sockets with place 0
 * @err: filled on failure
 *
 * Returns 0, or -errno as conntrack_read() does; then no socket is tracked.
 */
int tracked_sockets_read(struct tracked_sockets *t, struct err *err);

/* Takes one entry. Over loopback, it is that of two sockets. */
void tracked_sockets_take(struct tracked_sockets *t, const struct conntrack_entry *entry);

/* Frees what is in it, and leaves it empty. */
void tracked_sockets_free(struct tracked_sockets *t);

#endif
