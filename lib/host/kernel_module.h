/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_KERNEL_MODULE_H
#define SECMARK2_HOST_KERNEL_MODULE_H

enum kernel_module_state {
	KERNEL_MODULE_UNKNOWN, /* it is not loaded, and there is no list of modules in /lib/modules
				*/
	KERNEL_MODULE_MISSING, /* the running kernel has no such module */
	KERNEL_MODULE_AVAILABLE, /* it is not loaded */
	KERNEL_MODULE_LOADED,
	KERNEL_MODULE_BUILTIN,
};

/**
 * kernel_module_state - the state of a module of the running kernel
 * @name: its name; the module is never loaded
 */
enum kernel_module_state kernel_module_state(const char *name);

/* The state's name: "loaded" and so on; "unknown" for any other value. */
const char *kernel_module_state_name(enum kernel_module_state state);

#endif
