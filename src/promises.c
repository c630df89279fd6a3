// SPDX-License-Identifier: GPL-2.0-only
#include "promises.h"

#include "advise/access.h"
#include "advise/plan_access.h"
#include "base/err.h"
#include "plan/plan.h"
#include "policy_option.h"
#include "policy_owner.h"
#include "selinux/oracle.h"
#include "util/diag.h"

static void judge_by(struct access *access, const struct plan *plan, enum diag_severity severity,
		     struct diag *diag)
{
	struct plan_access j = { .access = access, .diag = diag, .broken = severity };

	plan_access_judge(&j, plan);
	plan_access_free(&j);
}

/* Is there anything to ask the rules of the policy? */
static bool asks_rules(const struct plan *plan)
{
	return plan_access_promises(plan) || plan_access_allows(plan);
}

/* Does the plan need a module? */
static bool has_module(const struct plan *plan)
{
	return plan->n_types || plan->n_applications || plan->unlabeled != PLAN_UNLABELED_UNSAID;
}

void promises_judge(const struct plan *plan, const char *policy, bool must, struct diag *diag)
{
	enum diag_severity severity = must ? DIAG_ERROR : DIAG_WARNING;
	struct access *access = NULL;
	struct oracle *oracle;
	struct err err;
	bool promises = plan_access_promises(plan);

	/* a warning at each boot, and what the policy would have to allow for it, are no help */
	if (!promises && (!must || (!asks_rules(plan) && !has_module(plan))))
		return;
	oracle = policy_find_whole(policy, &err);
	if (oracle && must)
		policy_owner_refuse_taken(plan, oracle, policy, NULL, diag);
	if (oracle && (asks_rules(plan) || has_module(plan)) && !access_open(oracle, &access, &err))
		judge_by(access, plan, severity, diag);
	else if (asks_rules(plan))
		diag_add(diag, promises ? severity : DIAG_WARNING,
			 (struct pos){ .file = plan->files[0] }, NULL, *err.hint ? err.hint : NULL,
			 "\"%s\" cannot be checked: %s", promises ? "only" : "allow", err.what);
	diag_sort(diag);
	access_close(access);
	oracle_free(oracle);
}
