/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_SERVICE_H
#define SECMARK2_PACKET_SERVICE_H

/* Service names that were looked up before: getservbyname(3) reads a file each time. Starts as
 * zeros. */
struct services {
	void *tree;
};

/**
 * service_port - the port of a service
 * @s:     what was looked up before
 * @name:  its name, as in services(5)
 * @proto: the name of the protocol, or NULL: any that has such a service
 *
 * Returns the port, or -1 where there is no such service. Never fails otherwise (alloc.h).
 */
int service_port(struct services *s, const char *name, const char *proto);

/* Frees what is in it; it is empty then. */
void services_free(struct services *s);

#endif
