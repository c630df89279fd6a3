// SPDX-License-Identifier: GPL-2.0-only
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "plan/flow_index.h"
#include "selinux/context.h"

bool plan_has_side(const struct plan *plan, enum side side)
{
	size_t i;

	if (plan->flow_index)
		return flow_index_has_side(plan->flow_index, side);
	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].side == side)
			return true;
	return false;
}

bool plan_is_in_mangle(const struct plan *plan)
{
	return plan->table == PLAN_MANGLE || plan_has_side(plan, SIDE_FORWARD);
}

bool plan_defines_type(const struct plan *plan, const char *type)
{
	size_t i;

	for (i = 0; plan && i < plan->n_types; i++)
		if (!strcmp(plan->types[i].text, type))
			return true;
	return false;
}

bool plan_defines(const struct plan *plan, const struct plan_label *label)
{
	struct context ctx;

	return plan_defines_type(plan, plan_label_type(label, &ctx));
}

bool plan_has_out(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].side == SIDE_FORWARD && plan->lines[i].out.name[0])
			return true;
	return false;
}

void plan_free(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_types; i++)
		plan_label_free(&plan->types[i]);
	for (i = 0; i < plan->n_applications; i++)
		plan_application_free(&plan->applications[i]);
	for (i = 0; i < plan->n_lines; i++)
		plan_line_free(&plan->lines[i]);
	for (i = 0; i < plan->n_files; i++)
		free(plan->files[i]);
	plan_net_lists_free(&plan->nets);
	free(plan->types);
	free(plan->applications);
	free(plan->lines);
	free(plan->trusted);
	free(plan->files);
	*plan = (struct plan){ 0 };
}
