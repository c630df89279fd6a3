// SPDX-License-Identifier: GPL-2.0-only
/* policy reduced|whole */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner/test.h"
#include "steps/policy.h"

int policy_reload(const char *path)
{
	size_t len = 0;
	char *image = file_slurp(path, &len);
	int err;

	if (!image)
		return -errno;
	err = file_write("/sys/fs/selinux/load", image, len);
	free(image);
	return err;
}

void step_policy(struct test *t, const struct step *step)
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
