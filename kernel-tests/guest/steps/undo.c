// SPDX-License-Identifier: GPL-2.0-only
/*
 * undo NS[:DOMAIN] COMMAND
 *
 * Runs the command when the rules of the case go, whether or not the case has failed by then. The
 * last one runs first.
 */
#include <stdlib.h>
#include <string.h>

#include "runner/command.h"
#include "runner/test.h"
#include "runner/undo.h"
#include "steps/kinds.h"

/* What is to be done, the last one first, in the topology of the test that has asked for it. */
struct undo {
	struct topology *topo;
	char *text;
	struct undo *next;
};

void undo_note(struct test *t, char *owned)
{
	struct undo *undo = must_alloc(sizeof(*undo));

	*undo = (struct undo){ .topo = t->topo, .text = owned, .next = t->bench->undo };
	t->bench->undo = undo;
}

static void undo_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text);

	if (!text)
		return;
	if (command_is(t->topo, text)) {
		undo_note(t, text);
		return;
	}
	test_fail(t, step, "expected undo NS[:DOMAIN] COMMAND");
	free(text);
}

static void undo_all(struct test *t)
{
	while (t->bench->undo) {
		struct undo *undo = t->bench->undo;
		char *said = NULL;
		int status = command_undo(undo->topo, t->bench->exec, undo->text, &said);

		/* A case that failed may not have got as far as what is undone here. */
		if (status && !t->bench->suspect)
			test_fail(t, NULL, "undo %s: exited with %d: %.*s", undo->text, status,
				  (int)strcspn(said, "\n"), said);
		t->bench->undo = undo->next;
		free(said);
		free(undo->text);
		free(undo);
	}
}

const struct step_kind step_undo = {
	.name = "undo",
	.run = undo_run,
	.undo = undo_all,
	.changes = true,
};
