// SPDX-License-Identifier: GPL-2.0-only
#include "selinux/judged.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static int judged_compare(const void *a, const void *b)
{
	return strcmp(((const struct judgement *)a)->text, ((const struct judgement *)b)->text);
}

struct judgement *judged_find(struct judged *j, const char *text)
{
	const struct judgement key = { .text = (char *)text };
	struct judgement **found;

	/* callers ask for one context several times in a row */
	if (j->last && !strcmp(j->last->text, text))
		return j->last;
	found = tfind(&key, &j->tree, judged_compare);
	if (found)
		j->last = *found;
	return found ? *found : NULL;
}

/* Puts a text at *at, and moves *at after it. */
static char *judged_store(char **at, const char *text)
{
	char *stored = *at;

	*at = stpcpy(stored, text) + 1;
	return stored;
}

void judged_add(struct judged *j, const char *text, int verdict, const struct err *err)
{
	struct judgement *new;
	char *at;

	if (j->n == JUDGED_MAX)
		return;
	new = malloc(sizeof(*new) + strlen(text) + strlen(err->what) + strlen(err->hint) + 3);
	if (!new)
		return;
	*new = (struct judgement){ .verdict = verdict };
	at = new->store;
	new->text = judged_store(&at, text);
	new->what = judged_store(&at, err->what);
	new->hint = judged_store(&at, err->hint);
	if (tsearch(new, &j->tree, judged_compare))
		j->n++;
	else
		free(new);
}

void judged_free(struct judged *j)
{
	tdestroy(j->tree, free);
	*j = (struct judged){ 0 };
}
