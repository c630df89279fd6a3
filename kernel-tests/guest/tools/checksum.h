/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_CHECKSUM_H
#define GUEST_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * The checksum of RFC 1071. Begin with 0, add all parts, then finish. Only the last part may have
 * an odd number of bytes: a zero follows it in the sum.
 */
uint32_t checksum_add(uint32_t sum, const void *data, size_t len);

/* Returns the checksum in network order, as it stands in a packet. */
uint16_t checksum_finish(uint32_t sum);

#endif
