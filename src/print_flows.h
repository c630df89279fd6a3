/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PRINT_FLOWS_H
#define SECMARK2_PRINT_FLOWS_H

#include <stdbool.h>

struct plan;

/**
 * print_flows_settle - count, list or reset the unlabeled connections that are older than the rules
 * @plan:      the plan that was loaded
 * @unlabeled: the policy's context of packets without a label, or NULL
 * @reset:     have the kernel forget them, so that their next packet gets a label
 * @list:      print each of them
 *
 * Prints to standard error. Returns false if they should have been reset and could not be.
 */
bool print_flows_settle(const struct plan *plan, const char *unlabeled, bool reset, bool list);

#endif
