/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LEARN_HOST_H
#define SECMARK2_LEARN_HOST_H

#include <stdbool.h>

#include "host/socket_owners.h"
#include "host/sockets.h"

struct err;
struct learn_evidence;

/* What this machine tells. Starts as zeros. */
struct learn_host {
	struct host_sockets sockets;
	struct socket_owners owners;
};

/**
 * learn_host_read - have records understood by the sockets of this machine
 * @h:   filled; it must outlive @e, and learn_host_free() ends it
 * @now: learn from the sockets themselves, too
 * @e:   gets that
 * @err: filled on failure
 *
 * Returns 0, or -errno if @now is set and the sockets cannot be read.
 */
int learn_host_read(struct learn_host *h, bool now, struct learn_evidence *e, struct err *err);

/* Says on standard error which sockets the kernel does not list. */
void learn_host_print_unlisted(const struct learn_host *h);

/* Frees its content; it is empty then. */
void learn_host_free(struct learn_host *h);

#endif
