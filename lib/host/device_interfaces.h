/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_DEVICE_INTERFACES_H
#define SECMARK2_HOST_DEVICE_INTERFACES_H

#include <net/if.h>
#include <stddef.h>

struct err;

/**
 * hardware_read - the network interfaces of this network namespace behind which there is a device
 * @names: where to: their names, which the caller frees; NULL on failure
 * @n:     how many
 * @err:   filled on failure
 *
 * A packet's label does not survive a device. It does survive veth and what is
 * built from it; so nothing virtual is named here, nor anything on a kernel
 * before 5.14, which does not tell (IFLA_PARENT_DEV_NAME). Returns 0 or -errno.
 */
int hardware_read(char (**names)[IFNAMSIZ], size_t *n, struct err *err);

#endif
