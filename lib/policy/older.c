// SPDX-License-Identifier: GPL-2.0-only
#include "policy/older.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <sepol/policydb/policydb.h>

#include "plan/plan.h"
#include "policy/module_rules.h"
#include "policy/module_text.h"

/* The types of a policy, and where to note them. */
struct own_types {
	const struct policydb *p;
	bool *own;
};

static void note_type(void *arg, const char *name)
{
	const struct own_types *types = arg;
	const type_datum_t *type = hashtab_search(types->p->p_types.table, name);

	if (type && type->flavor == TYPE_TYPE && type->s.value &&
	    type->s.value <= types->p->p_types.nprim)
		types->own[type->s.value - 1] = true;
}

void policy_older_types(const struct policy_older *o, const struct plan *plan,
			const struct policydb *p, bool *own)
{
	struct own_types types = { p, own };
	size_t i;

	for (i = 0; i < plan->n_types; i++)
		note_type(&types, plan->types[i].text);
	for (i = 0; i < plan->n_applications; i++) {
		note_type(&types, plan->applications[i].domain);
		note_type(&types, plan->applications[i].entry);
	}
	if (o && o->cil)
		module_text_types(o->cil, note_type, &types);
}

bool policy_older_alone(const struct policy_older *o, const char *source, const char *target)
{
	const struct module_packet_rule *rule;
	size_t n = 0;

	if (!o || !o->modules)
		return false;
	rule = module_rules_find(o->modules, source, target, "", &n);
	return n == 1 && !strcmp(rule->module, o->name);
}

void policy_older_free(struct policy_older *o)
{
	if (o->modules)
		module_rules_free(o->modules);
	free(o->modules);
	free(o->cil);
	*o = (struct policy_older){ .name = NULL };
}
