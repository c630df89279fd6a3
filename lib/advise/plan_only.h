/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PLAN_ONLY_H
#define SECMARK2_ADVISE_PLAN_ONLY_H

#include <stdbool.h>

struct access;
struct access_grants;
struct plan;
struct plan_access;
struct plan_domains;
struct plan_line;

/* Is a type one of the domains, or has it one of the attributes? */
bool plan_only_has(const struct access *a, const struct plan_domains *domains, const char *type);

/* Is it the domain of the kernel itself? */
bool plan_only_is_kernel(const struct access *a, const char *domain);

/**
 * plan_only_judge - does the policy keep the promise of a line?
 * @j:      the policy, and where errors go
 * @plan:   the plan of the line
 * @line:   has "only"
 * @grants: who may use its label
 *
 * Adds an error for each rule that breaks it, and a warning for each rule that would break it with
 * other booleans. Returns whether it is broken.
 */
bool plan_only_judge(struct plan_access *j, const struct plan *plan, const struct plan_line *line,
		     const struct access_grants *grants);

/* Names the kernel, and those that only load rules, with what they may do. The caller frees it. */
char *plan_only_apart(const struct plan_access *j, const struct plan_line *line,
		      const struct access_grants *grants);

#endif
