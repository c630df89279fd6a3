// SPDX-License-Identifier: GPL-2.0-only
#include "plan/unused_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "selinux/context.h"
#include "util/alloc.h"
#include "util/diag.h"

static int types_by_name(const void *va, const void *vb)
{
	const struct plan_label *a = *(const struct plan_label *const *)va;
	const struct plan_label *b = *(const struct plan_label *const *)vb;
	int order = strcmp(a->text, b->text);

	/* the first of equal names first */
	return order ? order : (a > b) - (a < b);
}

static int compare_type_name(const void *name, const void *label)
{
	return strcmp(name, (*(const struct plan_label *const *)label)->text);
}

/* Removes repeated names; the first one stays. Returns how many are left. */
static size_t refuse_twice(const struct plan_label **types, size_t n, struct diag *diag)
{
	char hint[256];
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		if (!kept || strcmp(types[kept - 1]->text, types[i]->text)) {
			types[kept++] = types[i];
			continue;
		}
		snprintf(hint, sizeof(hint), "the first is at %s:%u", types[kept - 1]->pos.file,
			 types[kept - 1]->pos.line);
		diag_add(diag, DIAG_ERROR, types[i]->pos, types[i]->text, hint,
			 "the type is defined twice");
	}
	return kept;
}

/* Notes that a line uses a type, if the plan defines it. */
static void use_type(const struct plan_line *line, const struct plan_label **types, size_t n,
		     bool *used)
{
	const struct plan_label **found;
	struct context ctx;

	found = bsearch(plan_label_type(&line->label, &ctx), types, n, sizeof(*types),
			compare_type_name);
	if (found)
		used[found - types] = true;
}

void plan_warn_unused_types(const struct plan *plan, struct diag *diag)
{
	const struct plan_label **types = alloc_zeroed(plan->n_types + 1,
						       sizeof(const struct plan_label *));
	bool *used = alloc_zeroed(plan->n_types + 1, sizeof(*used));
	size_t n = plan->n_types, i;

	for (i = 0; i < n; i++)
		types[i] = &plan->types[i];
	qsort(types, n, sizeof(*types), types_by_name);
	n = refuse_twice(types, n, diag);
	for (i = 0; i < plan->n_lines; i++)
		use_type(&plan->lines[i], types, n, used);
	for (i = 0; i < n && !diag->errors; i++)
		if (!used[i])
			diag_add(diag, DIAG_WARNING, types[i]->pos, types[i]->text, NULL,
				 "no line uses this type");
	for (i = 0; i < plan->nets.n && !diag->errors; i++)
		if (!plan->nets.v[i].used)
			diag_add(diag, DIAG_WARNING, plan->nets.v[i].pos, plan->nets.v[i].name,
				 NULL, "no line uses this list");
	free(used);
	free(types);
}
