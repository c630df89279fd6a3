/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PLAN_ADVICE_H
#define SECMARK2_ADVISE_PLAN_ADVICE_H

#include <stdbool.h>

struct access_grants;
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

#endif
