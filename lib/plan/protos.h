/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_PROTOS_H
#define SECMARK2_PLAN_PROTOS_H

#include <stddef.h>

#include "packet/ports.h"
#include "packet/proto.h"
#include "plan/words.h"

struct services;

/* A protocol of a line, and the ports that the line has for it; none: any port. A name stands for
 * the port that services(5) gives it for this protocol. */
struct plan_proto {
	const struct proto *proto;
	struct ports ports;
};

/* "tcp,udp". Starts as zeros. */
struct plan_protos {
	struct plan_proto *v;
	size_t n;
};

/* The address family of all of them, or AF_UNSPEC if they have no common one. */
int plan_protos_family(const struct plan_protos *protos);

/* The first of them that has ports, or that has none; NULL if there is no such protocol. */
const struct proto *plan_protos_first(const struct plan_protos *protos, bool has_ports);

/*
 * The values of a plan: each function reads the next word of a line, and returns 0, or -EINVAL
 * after it has recorded the error. A repeated protocol or port is a warning.
 */

/* A list of protocols. Services tell a port from a protocol that is missing before it. */
int plan_value_protos(struct words *w, struct services *services, struct plan_protos *protos);

/* A list of ports, for each of the protocols. */
int plan_value_ports(struct words *w, struct services *services, struct plan_protos *protos);

/* Frees its content; it is empty then. */
void plan_protos_free(struct plan_protos *protos);

#endif
