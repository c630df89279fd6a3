/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PACKET_IFACE_H
#define SECMARK2_PACKET_IFACE_H

#include <stdbool.h>

/**
 * iface_can_be_named - can plans and rules name this interface?
 * @name: its name; a + at the end is for the caller to look at
 *
 * The kernel accepts nearly all bytes. iptables-restore and nft have no way to write a quotation
 * mark, nft takes * and \ for patterns, and its JSON as well as ours has only UTF-8. A terminal
 * acts on control characters.
 */
bool iface_can_be_named(const char *name);

#endif
