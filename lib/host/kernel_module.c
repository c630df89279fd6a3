// SPDX-License-Identifier: GPL-2.0-only
#include "host/kernel_module.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <libkmod.h>

/* What cannot be read is told by the state, not on standard error. */
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

static enum module_state state_of(const struct kmod_module *module)
{
	switch (kmod_module_get_initstate(module)) {
	case KMOD_MODULE_BUILTIN:
		return MODULE_BUILTIN;
	case KMOD_MODULE_LIVE:
	case KMOD_MODULE_COMING:
	case KMOD_MODULE_GOING:
		return MODULE_LOADED;
	default:
		/* known by its file only */
		return kmod_module_get_path(module) ? MODULE_AVAILABLE : MODULE_MISSING;
	}
}

enum module_state module_state(const char *name)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	enum module_state state = MODULE_UNKNOWN;
	struct kmod_module *module;

	if (!ctx)
		return state;
	kmod_set_log_fn(ctx, say_nothing, NULL);
	if (kmod_module_new_from_name(ctx, name, &module) == 0) {
		state = state_of(module);
		kmod_module_unref(module);
	}
	/* without the list of what there is, it may be built in */
	if (state == MODULE_MISSING && kmod_load_resources(ctx) < 0)
		state = MODULE_UNKNOWN;
	kmod_unref(ctx);
	return state;
}

const char *module_state_name(enum module_state state)
{
	static const char *const names[] = {
		[MODULE_UNKNOWN] = "unknown",      [MODULE_MISSING] = "missing",
		[MODULE_AVAILABLE] = "not loaded", [MODULE_LOADED] = "loaded",
		[MODULE_BUILTIN] = "built in",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : names[MODULE_UNKNOWN];
}
