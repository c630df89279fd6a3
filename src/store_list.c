// SPDX-License-Identifier: GPL-2.0-only
#include "store_list.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "util/run.h"

int store_list(struct run_result *list, struct err *err)
{
	static const char *const argv[] = { "semodule", "-lfull", NULL };
	int ret = run(argv, NULL, 0, STORE_SECONDS, list, err);

	if (ret == -ENOENT)
		err_hint(err, "Debian's package policycoreutils has it");
	if (ret || !list->status)
		return ret;
	err_set(err, -EIO, "the policy store cannot be read: semodule ends with %d", list->status);
	if (geteuid())
		err_hint(err, "this needs root");
	return -EIO;
}

bool store_line_read(const char *text, struct store_line *line)
{
	int at = 0;
	const char *rest;

	if (sscanf(text, "%d %n", &line->priority, &at) != 1 || !at)
		return false;
	line->name = text + at;
	line->len = strcspn(line->name, " \n");
	rest = line->name + line->len;
	line->disabled = memmem(rest, strcspn(rest, "\n"), " disabled", strlen(" disabled"));
	return true;
}

bool store_line_names(const struct store_line *line, const char *name)
{
	return (size_t)line->len == strlen(name) && !strncmp(line->name, name, line->len);
}
