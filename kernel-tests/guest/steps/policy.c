// SPDX-License-Identifier: GPL-2.0-only
/* policy whole|reduced|compat|always */
#include <stdio.h>
#include <string.h>

#include "kernel/policy.h"
#include "runner/test.h"
#include "steps/kinds.h"

static void policy_run(struct test *t, const struct step *step)
{
	static const char *const names[] = { "whole", "reduced", "compat", "always" };
	char path[64] = POLICY_WHOLE;
	size_t i = 0;
	int err;

	while (i < N_ELEMENTS(names) && strcmp(step->text, names[i]))
		i++;
	if (i == N_ELEMENTS(names)) {
		test_fail(t, step, "expected policy whole, reduced, compat or always");
		return;
	}
	if (i)
		snprintf(path, sizeof(path), POLICY_WHOLE "-%s", names[i]);
	err = policy_reload(path);
	t->bench->other_policy = i;
	if (err)
		test_fail(t, step, "the kernel refuses the policy: %s", strerror(-err));
}

const struct step_kind step_policy = {
	.name = "policy",
	.run = policy_run,
	.changes = true,
};
