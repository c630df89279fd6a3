/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_NET_H
#define SECMARK2_PACKET_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct err;

/* An address, or a network with host bits zero. */
struct net {
	int family;       /* AF_INET, AF_INET6 */
	uint8_t len;      /* of the prefix, in bits; an address has all of them */
	uint8_t addr[16]; /* network byte order; AF_INET uses 4 bytes, the rest is zero */
};

#define NET_STRLEN (INET6_ADDRSTRLEN + 4)

/**
 * net_parse - read an address or a network
 * @text: ADDRESS or ADDRESS/LEN, IPv4 (four decimal numbers) or IPv6
 * @net:  where to
 * @err:  filled on failure
 *
 * Returns 0, or -EINVAL for any other text, for a LEN that is too long for the
 * family, and for host bits that are set. Host names are not resolved.
 */
int net_parse(const char *text, struct net *net, struct err *err);

/**
 * net_format - write a network as text
 * @net: the network
 * @out: where to
 *
 * Returns @out: ADDRESS/LEN, or ADDRESS for a single address.
 */
const char *net_format(const struct net *net, char out[NET_STRLEN]);

/* Is every address of b in a? Always false for different families. */
bool net_contains(const struct net *a, const struct net *b);

/* The number of bits in an address of the family: 32 or 128. */
unsigned int net_bits(int family);

/* Is it in ::ffff:0:0/96, the IPv4-mapped addresses, which programs use and packets do not (RFC
 * 4291, 2.5.5.2)? */
bool net_is_mapped(const struct net *net);

#endif
