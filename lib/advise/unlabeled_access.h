/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_UNLABELED_ACCESS_H
#define SECMARK2_ADVISE_UNLABELED_ACCESS_H

#include <stdbool.h>

struct access;
struct access_rule;
struct diag;
struct err;
struct plan;

/* The module that the one of the plan replaces. */
struct unlabeled_access_older {
	/* Does this rule end with it? */
	bool (*ends)(void *arg, const struct access_rule *rule);
	void *arg;
};

/**
 * unlabeled_access_tell - tell what a policy grants where the plan says "unlabeled deny"
 * @plan: the plan
 * @a:    the policy; NULL: it cannot be read
 * @why:  then this says why
 * @older: whose rules are not told; NULL: nobody knows which they are, and the command that loads
 *         the plan's module is told for a rule that "unlabeled allow" makes
 * @diag: gets a warning for each rule that lets domains send, receive or forward packets without a
 *        label, with the command that ends it, if there is one
 *
 * A policy module only adds rules: what the policy grants already stays. The domain of the kernel
 * itself does not count.
 */
void unlabeled_access_tell(const struct plan *plan, struct access *a, const struct err *why,
			   const struct unlabeled_access_older *older, struct diag *diag);

/* Does a rule for packets without a label let each domain send and receive them, as the module's
 * one for "unlabeled allow" and "unlabeled audit"? */
bool unlabeled_access_is_for_all(const struct access_rule *rule);

#endif
