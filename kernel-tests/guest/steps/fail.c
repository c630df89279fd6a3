// SPDX-License-Identifier: GPL-2.0-only
/* fail STATUS NS[:DOMAIN] COMMAND: exits with STATUS. */
#include <stdlib.h>
#include <string.h>

#include "runner/command.h"
#include "runner/test.h"
#include "steps/kinds.h"

static void fail_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text), *rest = text;
	long status = text ? strtol(text, &rest, 10) : 0;

	if (text && status <= 0)
		test_fail(t, step, "expected fail STATUS NS[:DOMAIN] COMMAND");
	else if (text)
		command_step(t, step, rest + strspn(rest, " \t"), status);
	free(text);
}

const struct step_kind step_fail = {
	.name = "fail",
	.run = fail_run,
	.changes = true,
	.streams = true,
};
