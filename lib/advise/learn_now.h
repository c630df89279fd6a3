/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_NOW_H
#define SECMARK2_ADVISE_LEARN_NOW_H

struct host_sockets;
struct learn_evidence;
struct socket_owners;

/**
 * learn_take_sockets - learn from the sockets that there are
 * @e:       gets what the plan does not label
 * @sockets: of this network namespace
 * @owners:  of them; a socket without an owner is of an unknown domain
 *
 * A socket that waits speaks for a server. It names addresses if it waits only for this machine. A
 * UDP socket may wait at a port that the kernel chose: it is counted, and speaks for nothing. A
 * connection is a server's if a socket waits at its port.
 */
void learn_take_sockets(struct learn_evidence *e, const struct host_sockets *sockets,
			const struct socket_owners *owners);

#endif
