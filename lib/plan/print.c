// SPDX-License-Identifier: GPL-2.0-only
#include "plan/print.h"

#include "plan/plan.h"

static void print_settings(const struct plan *plan, FILE *out)
{
	static const char *const unlabeled[] = {
		[PLAN_UNLABELED_ALLOW] = "allow",
		[PLAN_UNLABELED_AUDIT] = "audit",
		[PLAN_UNLABELED_DENY] = "deny",
	};

	if (plan->table == PLAN_MANGLE)
		fputs("table mangle\n", out);
	if (plan->unlabeled != PLAN_UNLABELED_ALLOW)
		fprintf(out, "unlabeled %s\n", unlabeled[plan->unlabeled]);
	if (!plan->loopback)
		fputs("loopback no\n", out);
}

void plan_print(const struct plan *plan, FILE *out)
{
	size_t i;

	print_settings(plan, out);
	for (i = 0; i < plan->n_trusted; i++)
		fprintf(out, "trust %s\n", plan->trusted[i]);
	for (i = 0; i < plan->n_types; i++)
		fprintf(out, "type %s\n", plan->types[i].text);
	for (i = 0; i < plan->n_lines; i++)
		fprintf(out, "%s\n", plan->lines[i].text);
}
