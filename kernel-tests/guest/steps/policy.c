// SPDX-License-Identifier: GPL-2.0-only
/* policy reduced|whole */
#include <string.h>

#include "kernel/policy.h"
#include "runner/test.h"
#include "steps/kinds.h"

static void policy_run(struct test *t, const struct step *step)
{
	bool reduced = !strcmp(step->text, "reduced");
	int err;

	if (!reduced && strcmp(step->text, "whole")) {
		test_fail(t, step, "expected policy reduced, or policy whole");
		return;
	}
	err = policy_reload(reduced ? POLICY_REDUCED : POLICY_WHOLE);
	t->bench->reduced = reduced;
	if (err)
		test_fail(t, step, "the kernel refuses the policy: %s", strerror(-err));
}

const struct step_kind step_policy = {
	.name = "policy",
	.run = policy_run,
	.changes = true,
};
