// SPDX-License-Identifier: GPL-2.0-only
/* check: is every context in plans, dumps and rulesets valid in the policy? */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "advise/check.h"
#include "advise/check_dump.h"
#include "args.h"
#include "base/err.h"
#include "base/file.h"
#include "host/running_policy.h"
#include "plan/plan.h"
#include "plan/value.h"
#include "policy_option.h"
#include "print.h"
#include "selinux/oracle.h"
#include "util/buffer.h"
#include "util/diag.h"
#include "util/json.h"

enum { POLICY, FORMAT, JSON };

static const struct cmd_option options[] = {
	[POLICY] = POLICY_OPTION,
	[FORMAT] = { "format", "FORMAT", "plan, iptables or nft (default: by content)", 0 },
	[JSON] = { "json", NULL, "print the findings as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

static const char *const formats[] = {
	[CHECK_PLAN - 1] = "plan",
	[CHECK_IPTABLES - 1] = "iptables",
	[CHECK_NFT - 1] = "nft",
	NULL,
};

/* The result for one file. */
struct result {
	const char *file;
	enum check_format format;
	struct check check;
	struct diag diag;
};

static int parse_format(const struct args *args, enum check_format *format)
{
	const char *text = args->option[FORMAT];
	char hint[128];
	int i;

	*format = CHECK_AUTO;
	if (!text)
		return DONE;
	for (i = 0; formats[i]; i++) {
		if (!strcmp(formats[i], text)) {
			*format = i + 1;
			return DONE;
		}
	}
	plan_suggest(hint, sizeof(hint), text, formats);
	return args_fault(args->cmd, text, hint, "unknown format");
}

/* Reads a file once, so that its format and its contexts are found in the same text. */
static int check_read_file(const char *path, const char *name, char **text, size_t *len,
			   struct stat *st)
{
	FILE *in = stdin;
	struct err err;
	int ret = strcmp(path, "-") ? file_open(path, &in) : 0;

	if (ret)
		return ret;
	ret = fstat(fileno(in), st) ? -errno : file_read_stream(in, name, text, len, &err);
	if (in != stdin)
		fclose(in);
	return ret;
}

static void check_read_plan(struct result *r, const char *text, size_t len, const struct stat *st)
{
	struct plan plan;
	int ret = plan_read_text(r->file, text, len, st, &plan, &r->diag);

	/* the lines without errors; but a file that cannot be read could have defined their types
	 */
	if (!ret || ret == -EINVAL)
		check_plan(&r->check, &plan);
	plan_free(&plan);
}

/* Contexts that the policy cannot tell about are errors. */
static void check_file(struct result *r, const char *path)
{
	struct stat st;
	char *text;
	size_t len;
	int ret = check_read_file(path, r->file, &text, &len, &st);

	if (ret) {
		diag_add(&r->diag, DIAG_ERROR, (struct pos){ .file = r->file }, NULL, NULL, "%s",
			 file_error(ret));
		return;
	}
	if (r->format == CHECK_AUTO)
		r->format = check_recognise(text, len);
	if (r->format == CHECK_COMMANDS) {
		r->format = CHECK_AUTO;
		check_refuse_commands(&r->diag, r->file);
		free(text);
		return;
	}
	if (r->format == CHECK_PLAN)
		check_read_plan(r, text, len, &st);
	else if (r->format == CHECK_IPTABLES)
		check_iptables(&r->check, r->file, text, len);
	else
		check_nft(&r->check, r->file, text, len);
	free(text);
	diag_sort(&r->diag);
	if (!r->check.contexts && !r->diag.errors)
		diag_add(&r->diag, DIAG_WARNING, (struct pos){ .file = r->file }, NULL, NULL,
			 "no context in it was checked");
	if (r->check.unknown)
		diag_add(&r->diag, DIAG_ERROR, (struct pos){ .file = r->file }, NULL,
			 "name a policy file with --policy FILE",
			 "%zu of %zu contexts could not be checked: %s", r->check.unknown,
			 r->check.contexts, running_policy_excuse(r->check.why_unknown));
}

static json_t *finding_to_json(const struct diag_entry *e)
{
	return json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:o}", "severity",
			 e->severity == DIAG_ERROR ? "error" : "warning", "file",
			 text_to_json(e->pos.file), "line", (int)e->pos.line, "column",
			 (int)e->pos.col, "what", text_to_json(e->what), "text",
			 text_to_json(e->text), "hint", text_to_json(e->hint));
}

static json_t *result_to_json(const struct result *r)
{
	json_t *findings = json_array();
	size_t i;

	for (i = 0; i < r->diag.n; i++)
		json_array_append_new(findings, need_json(finding_to_json(&r->diag.v[i])));
	return json_pack("{s:o, s:s?, s:i, s:b, s:o}", "file", text_to_json(r->file), "format",
			 r->format == CHECK_AUTO ? NULL : formats[r->format - 1], "contexts",
			 (int)r->check.contexts, "clean", r->diag.errors == 0, "findings",
			 findings);
}

static void print_result(const struct result *r, const char *policy)
{
	size_t warnings = r->diag.n - r->diag.errors, len;
	char *text;
	FILE *out = buffer_open(&text, &len);

	fflush(stdout);
	print_diag(&r->diag);
	if (r->format == CHECK_AUTO)
		fprintf(out, "not read");
	else
		fprintf(out, "%s, %zu context%s", formats[r->format - 1], r->check.contexts,
			r->check.contexts == 1 ? "" : "s");
	if (r->diag.errors)
		fprintf(out, ", %zu error%s", r->diag.errors, r->diag.errors == 1 ? "" : "s");
	else if (r->check.contexts)
		fprintf(out, ", valid in %s", policy);
	if (warnings)
		fprintf(out, ", %zu warning%s", warnings, warnings == 1 ? "" : "s");
	buffer_close(out);
	print_line(stdout, "%s: %s", r->file, text);
	free(text);
}

static bool check_one(const char *path, enum check_format format, struct oracle *oracle,
		      json_t *all)
{
	struct result r = { .file = !strcmp(path, "-") ? "<stdin>" : path, .format = format };
	bool clean;

	r.check.oracle = oracle;
	r.check.diag = &r.diag;
	check_file(&r, path);
	if (all)
		json_array_append_new(all, need_json(result_to_json(&r)));
	else
		print_result(&r, oracle->policy);
	clean = !r.diag.errors;
	diag_free(&r.diag);
	return clean;
}

static int check_run(const struct args *args)
{
	enum check_format format;
	struct oracle *oracle;
	json_t *all = NULL;
	bool clean = true;
	int i, ret = parse_format(args, &format);

	if (!ret)
		ret = args_stdin_once(args);
	if (ret)
		return ret;
	oracle = policy_open(args->option[POLICY]);
	if (!oracle)
		return FAILED;
	if (args->option[JSON])
		all = json_array();
	for (i = 0; i < args->n; i++)
		clean = check_one(args->operand[i], format, oracle, all) && clean;
	if (all)
		print_json(all);
	oracle_free(oracle);
	return clean ? DONE : FAILED;
}

const struct cmd cmd_check = {
	.name = "check",
	.operands = "FILE...",
	.help = "check that the contexts in plans, dumps and rulesets are valid",
	.options = options,
	.min = 1,
	.max = -1,
	.run = check_run,
};
