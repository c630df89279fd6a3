/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PRINT_FLOWS_H
#define SECMARK2_PRINT_FLOWS_H

#include <stdbool.h>

struct plan;

/**
 * flows_settle - see to the connections that are older than the rules
 * @plan:      what has been loaded
 * @unlabeled: the policy's context of packets without a label, or NULL
 * @reset:     have them begin anew, so that they get their labels; else count them
 * @list:      say which they are
 *
 * Returns true, or false where they could not be reset; what there is to say it has said, to
 * standard error.
 */
bool flows_settle(const struct plan *plan, const char *unlabeled, bool reset, bool list);

#endif
