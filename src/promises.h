/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PROMISES_H
#define SECMARK2_PROMISES_H

#include <stdbool.h>

struct plan;

/**
 * promises_hold - does the policy keep what a plan says with "only", and grant what it allows?
 * @plan:   its contexts were filled in
 * @policy: the value of --policy, or NULL
 * @must:   false: what is not kept is only a warning
 *
 * Prints what is wrong. It is also wrong if the rules of the policy cannot be read. What the policy
 * does not grant is a warning, if @must is true. Returns false if something else is wrong and @must
 * is true.
 */
bool promises_hold(const struct plan *plan, const char *policy, bool must);

#endif
