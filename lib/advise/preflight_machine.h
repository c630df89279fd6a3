/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PREFLIGHT_MACHINE_H
#define SECMARK2_ADVISE_PREFLIGHT_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "host/login_session.h"
#include "host/net_namespaces.h"
#include "host/socket_owners.h"
#include "host/sockets.h"
#include "host/tracked_sockets.h"

struct err;
struct local_addresses;

enum preflight_kind {
	PREFLIGHT_LOGIN, /* a connection of sshd, or the caller's own one */
	PREFLIGHT_LISTENER,
	PREFLIGHT_CONNECTION,
};

/* What talks and listens here. Starts as zeros; free it with preflight_machine_free(). */
struct preflight_machine {
	struct net_namespaces namespaces; /* host_socket.place is a number of this list */
	bool *ruled; /* one for each: it has rules of its own. The caller may set it, but for the
		      * first one. Their sockets are not judged */
	struct host_sockets sockets;
	struct socket_owners owners;
	struct tracked_sockets tracked; /* of the first namespace */
	struct local_addresses *local;  /* of the first namespace */
	struct login_session session;
	int untold; /* -errno: connection tracking could not be read. Then no socket is tracked */
};

/**
 * preflight_look - find all sockets of this machine, and who has them
 * @m:         filled
 * @unlabeled: the policy's context of packets without a label, or NULL; has to live as long as @m
 * @err:       filled on failure
 *
 * Returns 0, or -errno if not even the sockets of the own network namespace can be listed.
 */
int preflight_look(struct preflight_machine *m, const char *unlabeled, struct err *err);

/* Is there a remote login? */
bool preflight_has_logins(const struct preflight_machine *m);

void preflight_machine_free(struct preflight_machine *m);

/* What a socket is, and who has it: the first owner, and how many there are. own: it is the login
 * of the caller */
enum preflight_kind preflight_kind_of(const struct preflight_machine *m,
				      const struct host_socket *s,
				      const struct socket_owner **owner, size_t *n, bool *own);

#endif
