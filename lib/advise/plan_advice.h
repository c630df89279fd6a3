/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PLAN_ADVICE_H
#define SECMARK2_ADVISE_PLAN_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

struct access_grants;
struct plan;
struct plan_access;
struct plan_line;

/* What a domain needs to talk at all, by the side of a line. */
unsigned int plan_advice_needed(const struct plan_line *line);

/* Warns about a label that nobody may use, everybody may use, or nobody may load. allows: the
 * plan's module would let somebody use it */
void plan_advice_label(struct plan_access *j, bool allows, const struct plan_line *line,
		       const struct access_grants *grants);

/* Warns of each domain that a line allows, and the policy does not: the plan's module is missing or
 * older than the plan. */
void plan_advice_allowed(struct plan_access *j, const struct plan_line *line,
			 const struct access_grants *grants);

/**
 * plan_advice_more - warn of domains that may use a type of the plan, and that no line allows
 * @j:      the policy, and where the warning goes
 * @plan:   the plan
 * @lines:  all its lines with the type
 * @n:      how many, at least one
 * @grants: who may use it
 *
 * The plan's module may be older than the plan. "only" has errors of its own for them.
 */
void plan_advice_more(struct plan_access *j, const struct plan *plan,
		      const struct plan_line *const *lines, size_t n,
		      const struct access_grants *grants);

/**
 * plan_advice_unlabeled - warn if the policy does not say of packets without a label what the plan
 *	does
 * @j:    the policy, and where the warning goes
 * @plan: the plan
 *
 * The plan's module is missing or older than the plan if its rule for all domains is missing, or if
 * it is there and the plan says "unlabeled deny". unlabeled_access_tell() tells more of the latter;
 * it is not asked if @j advises.
 */
void plan_advice_unlabeled(struct plan_access *j, const struct plan *plan);

#endif
