/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_ADDRESS_H
#define GUEST_ADDRESS_H

#include <netinet/in.h>

/* An address and a port of a socket, IPv4 or IPv6. The port is at the same place for both. */
union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage storage; /* for functions that take one */
};

/*
 * Fills an address. text: as inet_pton(3) takes it; one with a colon is IPv6. port: in the order of
 * this machine. Returns the length that bind(2) takes, or 0 if text is no address.
 */
socklen_t address_read(struct sockaddr_storage *ss, const char *text, int port);

/* Sets the port of an address, IPv4 or IPv6. port: in the order of this machine. */
void port_set(struct sockaddr_storage *ss, int port);

#endif
