/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_MODULE_PROBE_H
#define SECMARK2_XTABLES_MODULE_PROBE_H

#include <stdbool.h>

struct err;

/**
 * xt_module_works - can rules use the kernel module xt_secmark2?
 * @command: the iptables command that is to load them, which needs our plugins for that; NULL:
 * libiptc
 * @works:   where to
 * @err:     filled on failure
 *
 * Loads the module where the kernel has it. The answer is no as well where the
 * module is of another revision than these programs, or nobody lets us ask.
 * Returns 0, or -errno where the command could not say: -ENOENT without it.
 */
int xt_module_works(const char *command, bool *works, struct err *err);

#endif
