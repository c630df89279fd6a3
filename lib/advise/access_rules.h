/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_RULES_H
#define SECMARK2_ADVISE_ACCESS_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "advise/access.h"

struct policydb;

/* A rule, with the values of its names in the policy. */
struct access_policy_rule {
	struct access_rule rule;
	char *condition; /* owned; rule.condition points to it */
	uint32_t source, target;
};

/* The rules of a policy for packets. */
struct access_rules {
	struct access_policy_rule *v; /* sorted by target, source and condition */
	size_t n;
	uint32_t class;              /* the value of class packet */
	uint32_t bits[ACCESS_PERMS]; /* of its permissions; 0: the policy lacks this one */
};

/**
 * access_rules_read - find the rules for packets
 * @p:     a kernel policy; its booleans are evaluated
 * @rules: filled; free it with access_rules_free()
 *
 * Returns 0, or -ENODATA for a policy without the class packet.
 */
int access_rules_read(struct policydb *p, struct access_rules *rules);

/* The permissions of an access vector of the policy. */
unsigned int access_rules_perms(const struct access_rules *rules, uint32_t vector);

/* The first rule whose target is a type or attribute of this value, or of a greater one. */
const struct access_policy_rule *access_rules_of(const struct access_rules *rules, uint32_t target);

/* Frees its content. */
void access_rules_free(struct access_rules *rules);

#endif
