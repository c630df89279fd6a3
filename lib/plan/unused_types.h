/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_UNUSED_TYPES_H
#define SECMARK2_PLAN_UNUSED_TYPES_H

struct diag;
struct plan;

/**
 * plan_warn_types - types that are defined twice (an error), and those that no line uses
 * @plan: the plan
 * @diag: where to; where it has errors, types without use are left out: a line
 *        that was refused may be the one that uses them
 */
void plan_warn_types(const struct plan *plan, struct diag *diag);

#endif
