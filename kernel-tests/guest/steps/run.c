// SPDX-License-Identifier: GPL-2.0-only
/* run NS[:DOMAIN] COMMAND: exits with 0. */
#include <stdlib.h>

#include "runner/command.h"
#include "runner/test.h"
#include "steps/kinds.h"

static void run_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text);

	if (text)
		command_step(t, step, text, 0);
	free(text);
}

const struct step_kind step_run = {
	.name = "run",
	.run = run_run,
	.changes = true,
	.streams = true,
};
