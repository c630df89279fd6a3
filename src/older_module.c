// SPDX-License-Identifier: GPL-2.0-only
#include "older_module.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "policy/module_rules.h"
#include "policy/module_text.h"
#include "policy/older.h"
#include "policy_store.h"
#include "store_list.h"
#include "util/alloc.h"

struct all_modules {
	const char *name;
	struct module_rules *rules;
	bool replaced; /* a module of somebody else counts instead of ours */
};

static void read_one_module(void *arg, const char *module, const char *cil)
{
	struct all_modules *all = arg;

	all->replaced |= !strcmp(module, all->name) && !module_text_is_ours(cil);
	module_rules_read(all->rules, module, cil);
}

void older_module_read(struct policy_older *o, const char *name)
{
	struct all_modules all = { .name = name };
	struct err ignored;

	*o = (struct policy_older){ .name = name };
	if (policy_store_read(name, STORE_SECONDS, &o->cil, &ignored))
		o->cil = NULL;
	if (o->cil && !module_text_is_ours(o->cil)) {
		free(o->cil);
		o->cil = NULL;
	}
	if (!o->cil)
		return;
	o->modules = all.rules = alloc_zeroed(1, sizeof(*all.rules));
	if (policy_store_each(STORE_SECONDS, read_one_module, &all, &ignored) || all.replaced)
		module_rules_free(o->modules);
	module_rules_sort(o->modules);
}
