/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_UNREACHABLE_H
#define SECMARK2_PLAN_UNREACHABLE_H

struct diag;
struct plan;

/**
 * plan_warn_unreachable - warn of lines that can never match, because earlier ones cover them
 * @plan: the plan
 * @diag: gets the warnings
 *
 * Finds lines that several earlier lines without from, to and interfaces cover
 * together, and lines that one earlier line covers. The second kind is not
 * complete: each network must lie in one network of the earlier line, and no
 * list covers the negation of another one.
 */
void plan_warn_unreachable(const struct plan *plan, struct diag *diag);

#endif
