/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_KMSG_H
#define GUEST_KMSG_H

#include "runner/util.h"

/* What the kernel logs from now on. Returns a descriptor or -errno. */
int kmsg_open(void);

/* Adds what was logged since the last call: the module's lines, SELinux' lines about contexts. */
void kmsg_read(int fd, struct strs *lines);

#endif
