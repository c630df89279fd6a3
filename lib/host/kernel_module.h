/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_KERNEL_MODULE_H
#define SECMARK2_HOST_KERNEL_MODULE_H

enum module_state {
	MODULE_UNKNOWN,   /* it is not loaded, and there is no list of modules in /lib/modules */
	MODULE_MISSING,   /* the kernel that runs has no such module */
	MODULE_AVAILABLE, /* it is not loaded */
	MODULE_LOADED,
	MODULE_BUILTIN,
};

/**
 * module_state - what has become of a module of the running kernel?
 * @name: its name; only asked for, never loaded
 */
enum module_state module_state(const char *name);

/* "loaded"; "unknown" for what is no state */
const char *module_state_name(enum module_state state);

#endif
