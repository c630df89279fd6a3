/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_SOCKET_COUNT_H
#define SECMARK2_HOST_SOCKET_COUNT_H

#include <stddef.h>

/**
 * socket_count - how many sockets of a protocol are there?
 * @file: /proc/thread-self/net/protocols: of the network namespace of the calling thread
 * @name: the name of the protocol there, such as UDPv6
 *
 * The numbers are those of proto_seq_printf(), net/core/sock.c. Returns 0 for a protocol that the
 * kernel does not have, and if the file cannot be read.
 */
size_t socket_count(const char *file, const char *name);

#endif
