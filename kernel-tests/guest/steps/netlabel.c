// SPDX-License-Identifier: GPL-2.0-only
/*
 * netlabel WORDS...
 *
 * Runs netlabelctl in the first namespace, the only one in which NetLabel is configured. What it
 * does is undone with the rules of the case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/command.h"
#include "runner/test.h"
#include "steps/kinds.h"

/* The word of a text that begins with key; the caller frees it. NULL: there is none. */
static char *netlabel_word(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? must_printf("%.*s", (int)strcspn(at, " "), at) : NULL;
}

/* The words that undo the text's; the caller frees them. NULL: nothing is to be undone. */
static char *netlabel_opposite(const char *text)
{
	char what[32], verb[32], which[128] = "", *undo = NULL;
	char *address = netlabel_word(text, "address:"), *doi = netlabel_word(text, "doi:");

	if (sscanf(text, "%31s %31s %127s", what, verb, which) < 2)
		undo = NULL;
	else if (!strcmp(text, "map del default"))
		undo = must_printf("map add default protocol:unlbl");
	else if (!strcmp(text, "unlbl accept off"))
		undo = must_printf("unlbl accept on");
	else if (strcmp(verb, "add"))
		undo = NULL;
	else if (!strcmp(what, "map"))
		undo = must_printf("map del %s", which);
	else if (!strcmp(what, "unlbl"))
		undo = must_printf("unlbl del %s %s", which, address ? address : "");
	else if (doi)
		undo = must_printf("%s del %s", what, doi);
	free(address);
	free(doi);
	return undo;
}

/* A case may undo itself what it did. Returns whether the words were noted, and are not any more.
 */
static bool netlabel_forget(struct strs *undo, const char *text)
{
	for (size_t i = 0; i < undo->n; i++) {
		if (strcmp(undo->v[i], text))
			continue;
		free(undo->v[i]);
		undo->n--;
		memmove(&undo->v[i], &undo->v[i + 1], (undo->n - i) * sizeof(*undo->v));
		return true;
	}
	return false;
}

static void netlabel_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text), *said = NULL, *undo;
	int status;

	if (!text)
		return;
	undo = netlabel_opposite(text);
	status = command_netlabelctl(text, &said);
	if (status)
		test_fail(t, step, "netlabelctl exited with %d: %.*s", status,
			  (int)strcspn(said, "\n"), said);
	/* One "map del default" takes all of its addresses along. */
	if (status || netlabel_forget(&t->bench->netlabel, text) || !undo ||
	    strs_has(&t->bench->netlabel, undo))
		free(undo);
	else
		strs_add(&t->bench->netlabel, undo);
	free(said);
	free(text);
}

static void netlabel_undo(struct test *t)
{
	struct strs *undo = &t->bench->netlabel;

	for (size_t i = undo->n; i > 0; i--) {
		char *said = NULL;

		if (command_netlabelctl(undo->v[i - 1], &said))
			test_fail(t, NULL, "netlabelctl %s: %.*s", undo->v[i - 1],
				  (int)strcspn(said, "\n"), said);
		free(said);
	}
	strs_free(undo);
}

const struct step_kind step_netlabel = {
	.name = "netlabel",
	.run = netlabel_run,
	.undo = netlabel_undo,
	.changes = true,
};
