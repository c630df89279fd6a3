// SPDX-License-Identifier: GPL-2.0-only
#include "print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "cmd.h"
#include "diag.h"
#include "err.h"
#include "utf8.h"

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

json_t *text_to_json(const char *text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t used = 0, n;
	json_t *value;
	char *valid;

	if (!text)
		return json_null();
	valid = alloc_zeroed(strlen(text) + 1, strlen(replacement));
	for (; *text; text += n ? n : 1) {
		n = utf8_len(text);
		memcpy(valid + used, n ? text : replacement, n ? n : strlen(replacement));
		used += n ? n : strlen(replacement);
	}
	value = need_json(json_string(valid));
	free(valid);
	return value;
}

json_t *need_json(json_t *value)
{
	if (value)
		return value;
	fputs("out of memory\n", stderr);
	exit(FAILED);
}

void print_json(json_t *value)
{
	/* what cannot be written, the end of the program tells */
	if (json_dumpf(need_json(value), stdout, JSON_INDENT(2)) && !ferror(stdout))
		need_json(NULL);
	putchar('\n');
	json_decref(value);
}
