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
 * @c:    the oracle, and where errors go
 * @plan: the plan, or its good lines
 *
 * A type becomes the policy's own object context with that type and the level of its line. The
 * policy is not asked about types that the plan itself defines. If the oracle does not know, the
 * context of a type stays NULL (plan_label.context), and a whole context stays as it is.
 *
 * Returns 0, or -EINVAL if something is wrong.
 */
int check_plan(struct check *c, struct plan *plan);

/* Judges a context that was read at @pos. */
void check_context(struct check *c, struct pos pos, const char *text);

/* Judges a type: the context that it would become in a plan. */
void check_type(struct check *c, struct pos pos, const char *type);

#endif
