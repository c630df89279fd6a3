// SPDX-License-Identifier: GPL-2.0-only
#include "print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "load/state.h"
#include "util/diag.h"
#include "util/json.h"

void print_diag_since(const struct diag *diag, size_t since)
{
	char *text;
	size_t i;

	for (i = since; i < diag->n; i++) {
		text = diag_format(&diag->v[i]);
		fprintf(stderr, "%s\n", text);
		free(text);
	}
}

void print_diag(const struct diag *diag)
{
	print_diag_since(diag, 0);
}

void print_err(const struct err *err)
{
	if (*err->hint)
		fprintf(stderr, "secmarkctl: %s (%s)\n", err->what, err->hint);
	else
		fprintf(stderr, "secmarkctl: %s\n", err->what);
}

void print_refusal(const struct diag *diag, const struct err *err)
{
	print_diag(diag);
	if (*err->what)
		print_err(err);
}

void print_interrupted(void)
{
	struct record begun;
	struct err ignored;

	if (!record_read_begun(&begun, &ignored))
		fprintf(stderr,
			"secmarkctl: an earlier run was interrupted while it %s%s%s; this one "
			"finishes its work\n",
			begun.plan_text ? "loaded" : "removed", *begun.plan_name ? " " : " rules",
			begun.plan_name);
	record_free(&begun);
}

bool print_flush(void)
{
	if (!fflush(stdout))
		return true;
	fprintf(stderr, "secmarkctl: standard output: %s\n", strerror(errno));
	/* main() must not report it again */
	clearerr(stdout);
	return false;
}

void print_json(json_t *value)
{
	/* main() reports what cannot be written */
	if (json_dumpf(need_json(value), stdout, JSON_INDENT(2)) && !ferror(stdout))
		need_json(NULL);
	putchar('\n');
	json_decref(value);
}
