/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_SERVICE_H
#define SECMARK2_PACKET_SERVICE_H

/* A cache of service names, because getservbyname(3) reads a file at each call. Starts as zeros. */
struct services {
	void *tree;
};

/**
 * service_port - the port of a service
 * @s:     the cache
 * @name:  its name, as in services(5)
 * @proto: the name of the protocol, or NULL for any protocol with such a service
 *
 * Returns the port, or -1 if there is no such service. Never fails otherwise (alloc.h).
 */
int service_port(struct services *s, const char *name, const char *proto);

/* Frees its content; it is empty then. */
void services_free(struct services *s);

#endif
