/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_PACKET_TYPE_H
#define SECMARK2_SELINUX_PACKET_TYPE_H

#include <stdbool.h>

struct nearest;

/* Whose packets a type is for. */
enum packet_side { PACKET_ANY_SIDE, PACKET_SERVER, PACKET_CLIENT, PACKET_SIDES };

/**
 * packet_type_offer - consider a type for a packet type that does not exist
 * @n:    the search
 * @name: a type; must live as long as the search
 * @side: which types come first, if the wanted name has no side
 *
 * Packet types are called STEM_packet_t, STEM_server_packet_t and STEM_client_packet_t, in
 * refpolicy. A type of the same stem is the one that was meant (httpd_packet_t, http_port_t and
 * HTTP_PACKET_T mean http_server_packet_t or http_client_packet_t), and a type that only looks
 * alike is found where there is none: its letters differ in a quarter of the stem at most, because
 * the rest is the same in all of them.
 */
void packet_type_offer(struct nearest *n, const char *name, enum packet_side side);

/* Do the types that a search found only look alike? */
bool packet_type_is_alike(const struct nearest *n);

#endif
