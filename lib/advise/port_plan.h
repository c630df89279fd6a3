/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PORT_PLAN_H
#define SECMARK2_ADVISE_PORT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/ports.h"

struct err;
struct oracle;

/* The ports with one type of the policy: NAME_port_t */
struct port_plan_ports {
	char *name;    /* NAME */
	uint8_t proto; /* IPPROTO_* */
	struct ports ports;
	bool server, client; /* the policy has NAME_server_packet_t, NAME_client_packet_t */
};

/* The port types of a policy that have packet types. */
struct port_plan {
	struct port_plan_ports *v; /* sorted by name, then by protocol */
	size_t n;
	bool server,
		client; /* the policy has server_packet_t, client_packet_t: for all other ports */
	bool icmp;      /* it has icmp_packet_t */
};

/**
 * port_plan_read - read the port types of a policy
 * @o:   the policy * @gen: filled; free it with port_plan_free(), also after a failure
 * @err: filled on failure
 *
 * As in the kernel (security_port_sid(), security/selinux/ss/services.c), a
 * port has the type of the first range that has it. So no port is in two of the
 * results, and their order does not matter. The names are built as in refpolicy
 * (policy/modules/kernel/corenetwork.if.m4).
 *
 * Returns 0, -ENODATA for a policy without any packet type for a port, or the
 * -errno of the oracle.
 */
int port_plan_read(struct oracle *o, struct port_plan *gen, struct err *err);

/* Frees its content; it is empty then. */
void port_plan_free(struct port_plan *gen);

#endif
