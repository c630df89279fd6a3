// SPDX-License-Identifier: GPL-2.0-only
/* policy whole|reduced|compat|always|FILE.policy; the last is a file of run --files */
#include <stdlib.h>
#include <string.h>

#include "kernel/kmsg.h"
#include "kernel/policy.h"
#include "runner/test.h"
#include "steps/kinds.h"

#define SUFFIX ".policy"

/* The caller frees it. NULL: the step says something else. */
static char *policy_path(const char *text)
{
	static const char *const names[] = { "reduced", "compat", "always" };
	size_t len = strlen(text), n = strlen(SUFFIX);

	if (!strcmp(text, "whole"))
		return must_printf(POLICY_WHOLE);
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		if (!strcmp(text, names[i]))
			return must_printf(POLICY_WHOLE "-%s", text);
	return len > n && !strcmp(text + len - n, SUFFIX) ? must_printf(POLICY_FILES "%s", text) :
							    NULL;
}

/* Which contexts a policy of run --files makes valid depends on the cases before. */
static void log_forget(const struct test *t)
{
	struct strs lines = { 0 };

	kmsg_read(t->kmsg, &lines);
	strs_free(&lines);
}

static void policy_run(struct test *t, const struct step *step)
{
	char *path = policy_path(step->text);
	int err;

	if (!path) {
		test_fail(t, step,
			  "expected policy whole, reduced, compat, always, or FILE" SUFFIX);
		return;
	}
	err = policy_reload(path);
	t->bench->other_policy = strcmp(path, POLICY_WHOLE);
	if (err)
		test_fail(t, step, "the kernel refuses the policy: %s", strerror(-err));
	if (!strncmp(path, POLICY_FILES, strlen(POLICY_FILES)))
		log_forget(t);
	free(path);
}

const struct step_kind step_policy = {
	.name = "policy",
	.run = policy_run,
	.changes = true,
};
