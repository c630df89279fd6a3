/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_MODULE_PROBE_H
#define SECMARK2_XTABLES_MODULE_PROBE_H

#include <stdbool.h>

struct err;

/**
 * xt_module_works - can rules use the kernel module xt_secmark2?
 * @command: the iptables command that shall load the rules; it needs our plugins. NULL: libiptc
 * @works:   where to
 * @err:     filled on failure
 *
 * Loads the module if the kernel has it. The answer is also no if the module's revision is not that
 * of these programs, or if asking is not permitted. Returns 0, or -errno if the command could not
 * say: -ENOENT without the command.
 */
int xt_module_works(const char *command, bool *works, struct err *err);

#endif
