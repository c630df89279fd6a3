/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_UNREACHABLE_H
#define SECMARK2_PLAN_UNREACHABLE_H

struct diag;
struct plan;

/**
 * plan_warn_cover - lines that can never match, as earlier ones of their side cover them
 * @plan: the plan
 * @diag: where to
 *
 * Finds what several earlier lines without from, to and interfaces cover
 * together, and what one earlier line of any kind covers; of the latter not
 * all: each of its networks must lie within a single one of that line, and no
 * list covers the negation of another.
 */
void plan_warn_cover(const struct plan *plan, struct diag *diag);

#endif
