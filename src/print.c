// SPDX-License-Identifier: GPL-2.0-only
#include "print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "err.h"

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

bool print_flush(void)
{
	if (!fflush(stdout))
		return true;
	fprintf(stderr, "secmarkctl: standard output: %s\n", strerror(errno));
	/* it has been said */
	clearerr(stdout);
	return false;
}

void print_json(json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(value);
}
