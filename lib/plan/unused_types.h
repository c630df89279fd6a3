/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_UNUSED_TYPES_H
#define SECMARK2_PLAN_UNUSED_TYPES_H

struct diag;
struct plan;

/**
 * plan_warn_unused_types - report types that are defined twice, and types that no line uses
 * @plan: the plan
 * @diag: gets the errors and warnings. If it has errors, unused types are not reported,
 *        because a line with an error may use them.
 */
void plan_warn_unused_types(const struct plan *plan, struct diag *diag);

#endif
