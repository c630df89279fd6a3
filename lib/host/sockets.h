/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_SOCKETS_H
#define SECMARK2_HOST_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/net.h"

struct err;
struct nlmsghdr;

/* An IPv4 or IPv6 socket. An IPv6 socket that talks IPv4 is an IPv4 socket here. */
struct host_socket {
	uint8_t proto;    /* IPPROTO_*; of a raw socket: the protocol that it receives */
	bool raw;         /* it has no ports, and IPPROTO_RAW receives nothing */
	bool connected;   /* it has a remote end; the others wait for packets of anybody */
	bool both;        /* it waits at all IPv6 addresses, and at all IPv4 addresses, too */
	struct net local; /* an address; a network of length 0: at all addresses */
	struct net remote;
	uint16_t lport, rport; /* host byte order */
	uint32_t inode;        /* of /proc/PID/fd; not 0 */
	unsigned int place;    /* of sockets_read(): the network namespace */
};

/* The kernel lists the sockets of a protocol only with the module for it. */
enum sockets_module { SOCKETS_UDP, SOCKETS_RAW, SOCKETS_SCTP, SOCKETS_DCCP, SOCKETS_MODULES };

/* "udp_diag" */
extern const char *const sockets_modules[SOCKETS_MODULES];

/* Starts as zeros. */
struct host_sockets {
	struct host_socket *v;
	size_t n;
	size_t unlisted[SOCKETS_MODULES]; /* there are more, and this module is missing */
};

/**
 * sockets_read - all sockets of the network namespace of the calling thread
 * @list:  what is found is added; free it with sockets_free(), also after a failure
 * @place: for the caller: a number that each of them gets
 * @err:   filled on failure
 *
 * The kernel tells them by sock_diag(7): tcp, udp, raw, and as far as it has them sctp, dccp and
 * udplite. It has none for the sockets of an unprivileged ping(8). A connection without a file is
 * left out: nobody has accepted it yet, or its program has closed it. Where the kernel has no
 * module for a protocol, its sockets are only counted.
 *
 * Returns 0, -ENOENT if the kernel has no sock_diag for tcp (@err names the module), or another
 * -errno.
 */
int sockets_read(struct host_sockets *list, unsigned int place, struct err *err);

/**
 * sockets_parse - read one message of sock_diag
 * @message: it has a struct inet_diag_msg
 * @proto:   which sockets were asked for, IPPROTO_*; IPPROTO_RAW: raw ones
 * @s:       filled, apart from place
 *
 * Returns 0, or -EINVAL for a message that is no socket, or a socket that sockets_read() leaves
 * out.
 */
int sockets_parse(const struct nlmsghdr *message, uint8_t proto, struct host_socket *s);

/* Sorts sockets by protocol, local port, remote port and addresses. Returns a number as strcmp()
 * does; 0: they have the same ends. */
int sockets_compare_ends(const struct host_socket *a, const struct host_socket *b);

/* Sorts n indices into the list by the ends of their sockets. */
void sockets_sort_by_ends(const struct host_sockets *list, size_t *order, size_t n);

/* The first place in such an order whose socket does not sort before these ends; n if all do. */
size_t sockets_place_of_ends(const struct host_sockets *list, const size_t *order, size_t n,
			     const struct host_socket *ends);

/* Frees what is in it, and leaves it empty. */
void sockets_free(struct host_sockets *list);

#endif
