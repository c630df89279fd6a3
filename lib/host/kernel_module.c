// SPDX-License-Identifier: GPL-2.0-only
#include "host/kernel_module.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <libkmod.h>

/* Keeps libkmod silent: the state says what cannot be read. */
static void say_nothing(void *data, int priority, const char *file, int line, const char *fn,
			const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

static enum kernel_module_state state_of(const struct kmod_module *module)
{
	switch (kmod_module_get_initstate(module)) {
	case KMOD_MODULE_BUILTIN:
		return KERNEL_MODULE_BUILTIN;
	case KMOD_MODULE_LIVE:
	case KMOD_MODULE_COMING:
	case KMOD_MODULE_GOING:
		return KERNEL_MODULE_LOADED;
	default:
		/* only its file is known */
		return kmod_module_get_path(module) ? KERNEL_MODULE_AVAILABLE :
						      KERNEL_MODULE_MISSING;
	}
}

enum kernel_module_state kernel_module_state(const char *name)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	enum kernel_module_state state = KERNEL_MODULE_UNKNOWN;
	struct kmod_module *module;

	if (!ctx)
		return state;
	kmod_set_log_fn(ctx, say_nothing, NULL);
	if (kmod_module_new_from_name(ctx, name, &module) == 0) {
		state = state_of(module);
		kmod_module_unref(module);
	}
	/* without the list of built-in modules, it may be one of them */
	if (state == KERNEL_MODULE_MISSING && kmod_load_resources(ctx) < 0)
		state = KERNEL_MODULE_UNKNOWN;
	kmod_unref(ctx);
	return state;
}

const char *kernel_module_state_name(enum kernel_module_state state)
{
	static const char *const names[] = {
		[KERNEL_MODULE_UNKNOWN] = "unknown",      [KERNEL_MODULE_MISSING] = "missing",
		[KERNEL_MODULE_AVAILABLE] = "not loaded", [KERNEL_MODULE_LOADED] = "loaded",
		[KERNEL_MODULE_BUILTIN] = "built in",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] :
							  names[KERNEL_MODULE_UNKNOWN];
}
