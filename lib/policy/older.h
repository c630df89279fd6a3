/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_OLDER_H
#define SECMARK2_POLICY_OLDER_H

#include <stdbool.h>

struct module_rules;
struct plan;
struct policydb;

/* The module that a new one replaces, as a policy store has it. */
struct policy_older {
	const char *name;             /* of both */
	char *cil;                    /* its text; NULL: there is none, or nobody can tell */
	struct module_rules *modules; /* sorted: the rules about packets of all modules; NULL: not
				       * known */
};

/**
 * policy_older_types - which types of a policy are of the plan's module?
 * @o:    the module before, or NULL
 * @plan: of the new module
 * @p:    a kernel policy. It may have the module before
 * @own:  by the value of a type - 1: set for the types that either module defines
 *
 * The rules for these types say nothing about the rest of the policy.
 */
void policy_older_types(const struct policy_older *o, const struct plan *plan,
			const struct policydb *p, bool *own);

/* Is a rule about packets, without a condition, only in the module before? Then it ends with that.
 * False if nobody can tell. */
bool policy_older_alone(const struct policy_older *o, const char *source, const char *target);

/* Frees its content. */
void policy_older_free(struct policy_older *o);

#endif
