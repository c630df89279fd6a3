/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_RULES_H
#define SECMARK2_ADVISE_ACCESS_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "advise/access.h"

struct policydb;

/* The condition of rules. The rules of both branches share it. */
struct access_condition {
	char *text;
	struct access_boolean *booleans;
	size_t n_booleans;
};

/* A rule, with the values of its names in the policy. */
struct access_policy_rule {
	struct access_rule rule;
	struct access_condition *condition; /* of the rule, or NULL */
	uint32_t source, target;
};

/* A class has at most so many permissions. */
#define ACCESS_RULES_PERMS 32

/* The rules of a policy for the objects of a class. */
struct access_rules {
	struct access_policy_rule *v; /* sorted by target, source and condition */
	size_t n;
	struct access_condition **conditions;
	size_t n_conditions;
	uint32_t class;                    /* the value of the class; 0: the policy lacks it */
	uint32_t bits[ACCESS_RULES_PERMS]; /* of permissions; 0: the policy lacks this one */
};

/**
 * access_rules_read - find the rules for a class
 * @p:     a kernel policy; its booleans are evaluated
 * @class: its name
 * @perms: names of permissions: the first is bit 0 of a rule's permissions, and so on
 * @n:     how many, at most ACCESS_RULES_PERMS
 * @rules: filled; free it with access_rules_free()
 *
 * A policy without the class has no rules for it.
 */
void access_rules_read(struct policydb *p, const char *class, const char *const *perms, size_t n,
		       struct access_rules *rules);

/* The permissions of an access vector of the policy. */
unsigned int access_rules_perms(const struct access_rules *rules, uint32_t vector);

/* The first rule whose target is a type or attribute of this value, or of a greater one. */
const struct access_policy_rule *access_rules_of(const struct access_rules *rules, uint32_t target);

/* Frees its content. */
void access_rules_free(struct access_rules *rules);

#endif
