// SPDX-License-Identifier: GPL-2.0-only
/*
 * peercon client|server = TYPE[:LEVEL]|none
 *
 * The label that an end of the last talk knows of the other end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/test.h"
#include "steps/kinds.h"

/* Which end the text is about: 0 client, 1 server, -1 neither. *label: what it is to know. */
static int peercon_parse(char *text, const char **label)
{
	char *end = strtok(text, " "), *equals = strtok(NULL, " ");

	*label = strtok(NULL, " ");
	if (!*label || strcmp(equals, "=") || strtok(NULL, " "))
		return -1;
	return !strcmp(end, "client") ? 0 : !strcmp(end, "server") ? 1 : -1;
}

static void peercon_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text), *want;
	const char *label, *has;
	int end;

	if (!text)
		return;
	end = peercon_parse(text, &label);
	has = end < 0 ? NULL : t->peercon[end];
	if (end < 0) {
		test_fail(t, step, "expected peercon client|server = TYPE[:LEVEL]|none");
	} else if (!has) {
		test_fail(t, step, "the last talk did not get as far as that");
	} else {
		want = strcmp(label, "none") ? context_of(label) : must_printf("none");
		if (strcmp(has, want))
			test_fail(t, step, "the %s knows %s, expected %s",
				  end ? "server" : "client", has, want);
		free(want);
	}
	free(text);
}

const struct step_kind step_peercon = {
	.name = "peercon",
	.run = peercon_run,
};
