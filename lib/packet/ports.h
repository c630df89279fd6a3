/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_PORTS_H
#define SECMARK2_PACKET_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_MAX 65535

struct port_range {
	uint16_t lo, hi; /* both are in it */
};

bool port_range_has(const struct port_range *range, uint16_t port);

/* The ports that the kernel gives to clients, until somebody changes them: inet_init_net(),
 * net/ipv4/af_inet.c */
#define PORTS_OF_CLIENTS     \
	{                    \
		32768, 60999 \
	}

/* From which an FTP server opens data connections: RFC 959, 5.2 */
#define FTP_DATA_PORT 20

/* A set of ports: sorted ranges with gaps between them. Starts as zeros, which is the empty set. */
struct ports {
	struct port_range *v;
	size_t n;
};

/**
 * ports_add - add a range to a set
 * @p:  the set; ranges that overlap or touch are merged
 * @lo: the first port
 * @hi: the last one, not below @lo
 *
 * Returns 0, or -ENOMEM, which leaves the set unchanged.
 */
int ports_add(struct ports *p, uint16_t lo, uint16_t hi);

/* Turns a set into the set of all other ports. Returns 0, or -ENOMEM, which leaves it unchanged. */
int ports_complement(struct ports *p);

/**
 * ports_and - the ports that two sets have in common
 * @a:   a set
 * @b:   another one
 * @out: gets the common ports; an empty set before. Free it with ports_free().
 *
 * Returns 0, or -ENOMEM.
 */
int ports_and(const struct ports *a, const struct ports *b, struct ports *out);

bool ports_has(const struct ports *p, uint16_t port);

/* Do the set and the range have a port in common? If so, the lowest one goes to *port, unless that
 * is NULL. */
bool ports_overlap(const struct ports *p, uint16_t lo, uint16_t hi, uint16_t *port);

/* Is every port of b in a? */
bool ports_contains(const struct ports *a, const struct ports *b);

/* Frees its content; it is empty then. */
void ports_free(struct ports *p);

#endif
