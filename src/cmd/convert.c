// SPDX-License-Identifier: GPL-2.0-only
/* convert: make a plan from iptables rules that label */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/check_dump.h"
#include "args.h"
#include "base/err.h"
#include "base/file.h"
#include "dump/iptables_save.h"
#include "dump/to_plan.h"
#include "print.h"
#include "util/alloc.h"
#include "util/diag.h"

static const struct cmd_option options[] = {
	{ NULL, NULL, NULL, 0 },
};

/* Says once that a text is of another kind, instead of an error for each of its lines. */
static int read_dump_text(const char *name, const char *text, size_t len, struct dump *dump,
			  struct diag *diag)
{
	enum check_format format = check_recognise(text, len);
	size_t before = diag->errors;
	int ret = -EINVAL;

	*dump = (struct dump){ .file = name };
	if (format == CHECK_NFT)
		diag_add(diag, DIAG_ERROR, (struct pos){ .file = name }, NULL,
			 "expected what iptables-save prints; check judges the contexts of nft",
			 "rules of nft cannot be converted");
	else if (format == CHECK_COMMANDS)
		check_refuse_commands(diag, name);
	else
		ret = dump_read(name, text, len, dump, diag);
	return diag->errors > before ? -EINVAL : ret;
}

/* Returns whether there is anything to convert: all of the file was read, or a rule. */
static bool convert_read_dump(const char *path, struct dump *dump, struct diag *diag)
{
	bool is_stdin = !strcmp(path, "-");
	const char *name = is_stdin ? "<stdin>" : path;
	struct err err;
	char *text;
	size_t len;
	int ret;

	if (is_stdin)
		ret = file_read_stream(stdin, name, &text, &len, &err);
	else
		ret = file_read(path, &text, &len, &err);
	if (ret) {
		*dump = (struct dump){ .file = name };
		diag_add(diag, DIAG_ERROR, (struct pos){ .file = name }, NULL, NULL, "%s",
			 file_error(ret));
		return false;
	}
	ret = read_dump_text(name, text, len, dump, diag);
	free(text);
	return !ret || dump->n;
}

static int convert_run(const struct args *args)
{
	struct diag diag = { 0 };
	struct dump *dumps;
	char *text = NULL;
	int i, n = 0, ret = args_stdin_once(args);

	if (ret)
		return ret;
	dumps = alloc_zeroed(args->n, sizeof(*dumps));
	for (i = 0; i < args->n; i++) {
		if (convert_read_dump(args->operand[i], &dumps[n], &diag))
			n++;
		else
			dump_free(&dumps[n]);
	}
	if (n)
		text = dump_to_plan(dumps, n, &diag);
	diag_sort(&diag);
	/* never print what is not equivalent */
	if (text && !diag.errors)
		fputs(text, stdout);
	fflush(stdout);
	print_diag(&diag);
	ret = diag.errors ? FAILED : DONE;
	free(text);
	while (n)
		dump_free(&dumps[--n]);
	free(dumps);
	diag_free(&diag);
	return ret;
}

const struct cmd cmd_convert = {
	.name = "convert",
	.operands = "DUMP...",
	.help = "print a plan for the label rules in a dump of iptables-save",
	.options = options,
	.min = 1,
	.max = -1,
	.run = convert_run,
};
