// SPDX-License-Identifier: GPL-2.0-only
/* unchecked: the rules are gone, and so must be the checks. */
#include <errno.h>

#include "kernel/flush.h"
#include "runner/test.h"
#include "steps/kinds.h"

static void unchecked_run(struct test *t, const struct step *step)
{
	int err = packets_settle();

	if (err)
		test_fail(t, step,
			  err == -EBUSY ? "packets are still checked" : "the probe does not work");
}

const struct step_kind step_unchecked = {
	.name = "unchecked",
	.run = unchecked_run,
};
