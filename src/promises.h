/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PROMISES_H
#define SECMARK2_PROMISES_H

#include <stdbool.h>

struct diag;
struct plan;

/**
 * promises_judge - does the policy keep what a plan says with "only", and grant what it allows?
 * @plan:   its contexts were filled in; or its good lines
 * @policy: the value of --policy, or NULL
 * @must:   false: what is not kept is only a warning
 * @diag:   gets what is wrong, and is sorted
 *
 * It is also wrong if the rules of the policy cannot be read. What the policy does not grant is a
 * warning, if @must is true. Then it is an error, too, if the policy has a type of the plan
 * already, and not from the plan's module.
 */
void promises_judge(const struct plan *plan, const char *policy, bool must, struct diag *diag);

#endif
