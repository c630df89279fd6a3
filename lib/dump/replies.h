/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_REPLIES_H
#define SECMARK2_DUMP_REPLIES_H

#include <stddef.h>

#include "plan/line.h"

struct walk_rule;

/**
 * replies_mark - mark the rules by source port that a plan does not need
 * @v:      all rules, sorted
 * @n:      how many
 * @side:   of the packets that the rules match as replies
 * @family: of the rules
 *
 * A connection keeps its label. So a rule that labels replies is not needed if all packets that
 * they answer have this label in the end, or if a later label replaces it. One that takes replies
 * away is not needed if the other hook has the same rule for the packets that they answer.
 *
 * Sets walk_rule.by_source and walk_rule.repeats.
 */
void replies_mark(struct walk_rule *v, size_t n, enum side side, int family);

#endif
