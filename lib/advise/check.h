/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_CHECK_H
#define SECMARK2_ADVISE_CHECK_H

#include <stddef.h>

#include "util/diag.h"

struct oracle;
struct plan;

/* Judges contexts by a policy. The caller sets the first two members, the rest starts as zeros. */
struct check {
	struct oracle *oracle;
	struct diag *diag; /* gets what is wrong */
	size_t contexts;   /* how many were met */
	size_t unknown;    /* how many of them the oracle did not judge */
	int why_unknown;   /* its -errno for the first of these */
};

/**
 * check_plan - judge the contexts of a plan, and fill them in
 * @c:    the judge
 * @plan: the plan, or its good lines
 *
 * A type becomes the policy's own object context with that type, and the
 * level of its line. Types that the plan defines are not asked for. Where the
 * oracle does not know, plan_label.context stays NULL for a type, and a whole
 * context stands as it is.
 *
 * Returns 0, or -EINVAL where something is wrong.
 */
int check_plan(struct check *c, struct plan *plan);

/* Judges a context that stands somewhere. */
void check_context(struct check *c, struct pos pos, const char *text);

/* The same for a type: for the context it becomes in a plan. */
void check_type(struct check *c, struct pos pos, const char *type);

#endif
