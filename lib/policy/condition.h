/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_CONDITION_H
#define SECMARK2_POLICY_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

struct cond_expr;
struct policydb;

/* The condition of rules in a policy. */
struct policy_condition {
	char *cil, *te;        /* its text in both languages */
	const char **booleans; /* sorted, each once; the names are the policy's */
	size_t n;
};

/* Writes a condition, whose operators are behind their operands. Returns false if it is not a good
 * one. Free it with policy_condition_free() in any case. */
bool policy_condition_read(const struct policydb *p, const struct cond_expr *expr,
			   struct policy_condition *c);

/* Frees its content. */
void policy_condition_free(struct policy_condition *c);

#endif
