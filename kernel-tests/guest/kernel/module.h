/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_MODULE_H
#define GUEST_MODULE_H

#include "runner/util.h"

/* Where the host puts the kernel module: a whole policy lets modules be loaded from here. */
#define MODULE_FILE "/lib/modules/secmark2/xt_secmark2.ko"

/*
 * Puts the module where modprobe finds it; or takes it away from there and out of the kernel, after
 * all rules that use it are gone. Returns 0, or -errno: -EAGAIN when it is still in use.
 */
int module_offer(bool offered);

#endif
