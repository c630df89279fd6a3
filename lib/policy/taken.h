/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_TAKEN_H
#define SECMARK2_POLICY_TAKEN_H

#include <stdbool.h>

struct diag;
struct plan;
struct policydb;

/* The modules that secmarkctl has put into the policy. */
struct policy_taken_store {
	/* Does one of them declare this type? 1, 0, or -errno if nobody can tell. */
	int (*declares)(void *arg, const char *type);
	void *arg;
	/* Ask about each type that the policy has. Otherwise only about those that do not look
	 * like types of ours. */
	bool always;
};

/**
 * policy_taken_refuse - refuse names of a plan that the policy has for something else
 * @plan:  the plan
 * @p:     a kernel policy. It may have the module of the plan already
 * @store: of that policy; NULL if nobody can tell which modules it has
 * @diag:  gets an error for each type, and for each application
 *
 * From libsemanage 3.5 on, two modules may declare one type, and it is then one type with the rules
 * of both: an application named samba would make samba_net_t unconfined. Earlier versions refuse
 * the module.
 *
 * Without an answer of the store, a type is taken for one of ours if it looks so. The types of a
 * plan have no attribute, and the kernel does not have them from the start. The domain of an
 * application has unconfined_domain_type, or most of the rules for unconfined_t itself, and
 * its entry type has only attributes of bin_t.
 */
void policy_taken_refuse(const struct plan *plan, const struct policydb *p,
			 const struct policy_taken_store *store, struct diag *diag);

#endif
