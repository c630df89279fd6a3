/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_UDP_TUNNELS_H
#define GUEST_UDP_TUNNELS_H

struct netns;

/*
 * What ip(8) cannot do for a tunnel over UDP. Each is for a struct netns: it is called within that
 * namespace, and returns 0 or -errno.
 */

/* Opens UDP port 4500, whose packets the kernel then takes for ESP (RFC 3948). */
int udp_tunnel_esp(const struct netns *ns);

/* Gives the WireGuard device t0 keys, and the other of two hosts as its peer. */
int udp_tunnel_wireguard(const struct netns *ns);

#endif
