/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PORT_PLAN_H
#define SECMARK2_ADVISE_PORT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/ports.h"

struct err;
struct oracle;

/* Ports that have the same type in the policy: NAME_port_t */
struct gen_ports {
	char *name;    /* NAME */
	uint8_t proto; /* IPPROTO_* */
	struct ports ports;
	bool server, client; /* the policy has NAME_server_packet_t, NAME_client_packet_t */
};

/* What a policy says of ports, for a plan that says the same of packets. */
struct gen {
	struct gen_ports
		*v; /* by name, then protocol; those that the policy has a packet type for */
	size_t n;
	bool server,
		client; /* the policy has server_packet_t, client_packet_t: for all other ports */
	bool icmp;      /* it has icmp_packet_t */
};

/**
 * gen_read - read what a policy says of ports
 * @o:   who knows the policy
 * @gen: where to; end it with gen_free(), also after a failure
 * @err: filled on failure
 *
 * As in the kernel (security_port_sid(), security/selinux/ss/services.c) a
 * port has the type of the first range with it: no port is in two of the
 * results, so that their order does not matter. The names are those that
 * refpolicy derives (policy/modules/kernel/corenetwork.if.m4).
 *
 * Returns 0, -ENODATA for a policy without any packet type for a port, or the
 * -errno of an oracle that does not know.
 */
int gen_read(struct oracle *o, struct gen *gen, struct err *err);

/* Frees what is in it; it is empty then. */
void gen_free(struct gen *gen);

#endif
