/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_DEVICE_INTERFACES_H
#define SECMARK2_HOST_DEVICE_INTERFACES_H

#include <net/if.h>
#include <stddef.h>

struct err;

/**
 * device_interfaces_read - the hardware interfaces of this network namespace
 * @names: where to: their names, which the caller frees; NULL on failure
 * @n:     how many
 * @err:   filled on failure
 *
 * A packet loses its label in a hardware device, but not in veth and interfaces built from it. So
 * virtual interfaces are left out. Kernels before 5.14 do not tell (IFLA_PARENT_DEV_NAME): there
 * the list is empty. Returns 0 or -errno.
 */
int device_interfaces_read(char (**names)[IFNAMSIZ], size_t *n, struct err *err);

/* The same for the VRFs of this network namespace (interfaces of the kind "vrf"). */
int device_interfaces_vrfs(char (**names)[IFNAMSIZ], size_t *n, struct err *err);

#endif
