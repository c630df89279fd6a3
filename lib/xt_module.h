/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XT_MODULE_H
#define SECMARK2_XT_MODULE_H

#include <stdbool.h>

/**
 * xt_module_works - can rules use the kernel module xt_secmark2?
 * @command: the iptables command that is to load them, which needs our plugins for that; NULL: libiptc
 *
 * Loads the module where the kernel has it. False as well where the module is
 * of another revision than these programs, or nobody lets us ask.
 */
bool xt_module_works(const char *command);

#endif
