// SPDX-License-Identifier: GPL-2.0-only
/* check: is every context in plans, dumps and rulesets valid in the policy? */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "advise/access.h"
#include "advise/check.h"
#include "advise/check_dump.h"
#include "advise/plan_access.h"
#include "advise/unlabeled_access.h"
#include "args.h"
#include "base/err.h"
#include "base/file.h"
#include "host/running_policy.h"
#include "load/listing.h"
#include "plan/plan.h"
#include "plan/value.h"
#include "policy/names.h"
#include "policy_option.h"
#include "policy_owner.h"
#include "print.h"
#include "selinux/oracle.h"
#include "util/buffer.h"
#include "util/diag.h"
#include "util/json.h"

enum { POLICY, FORMAT, JSON, LOADED };

static const struct cmd_option options[] = {
	[POLICY] = POLICY_OPTION,
	[FORMAT] = { "format", "FORMAT", "plan, iptables or nft (default: by content)", 0 },
	[JSON] = { "json", NULL, "print the findings as JSON", 0 },
	[LOADED] = { "loaded", NULL, "also check the rules that are loaded here", 0 },
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
	struct plan plan;            /* if the file is one */
	struct plan_access promises; /* of its clauses "only" */
};

/* All rules of the policy, for the questions who may use a label. They are read for the first plan:
 * the policy of a distribution takes a while. */
struct rules_of_policy {
	const char *file;     /* the value of --policy, or NULL */
	struct oracle *asked; /* about contexts */
	bool opened;          /* the members below are set */
	struct oracle *oracle;
	struct access *access; /* NULL: they cannot be read, and why says why */
	struct err why;
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

/* Opens the rules of the policy that is asked. A process that may not read them can still have
 * contexts judged. */
static void open_rules(struct rules_of_policy *rules)
{
	if (rules->opened)
		return;
	rules->opened = true;
	if (rules->file)
		rules->oracle = rules->asked;
	else if (running_policy_is_loaded())
		rules->oracle = policy_find_whole(NULL, &rules->why);
	else
		err_set(&rules->why, -ENOENT, "SELinux has no policy loaded here");
	if (rules->oracle && access_open(rules->oracle, &rules->access, &rules->why))
		rules->access = NULL;
}

static void close_rules(struct rules_of_policy *rules)
{
	access_close(rules->access);
	if (rules->oracle != rules->asked)
		oracle_free(rules->oracle);
}

/* Who may use the labels of the plan? */
static void check_access(struct result *r, struct rules_of_policy *rules)
{
	open_rules(rules);
	policy_names_check(&r->plan, POLICY_CIL, &r->diag);
	if (rules->access)
		policy_owner_refuse_taken(&r->plan, rules->oracle, rules->file, NULL, &r->diag);
	r->promises = (struct plan_access){ .access = rules->access,
					    .diag = &r->diag,
					    .broken = DIAG_ERROR,
					    .advise = true,
					    /* a policy file does not know who asks */
					    .running = rules->oracle == r->check.oracle ?
							       NULL :
							       r->check.oracle };
	if (rules->access)
		plan_access_judge(&r->promises, &r->plan);
	else if (plan_access_promises(&r->plan))
		diag_add(&r->diag, DIAG_ERROR, (struct pos){ .file = r->file }, NULL,
			 *rules->why.hint ? rules->why.hint : NULL,
			 "\"only\" cannot be checked: %s", rules->why.what);
	unlabeled_access_tell(&r->plan, rules->access, &rules->why, NULL, &r->diag);
}

static void check_read_plan(struct result *r, const char *text, size_t len, const struct stat *st,
			    struct rules_of_policy *rules)
{
	int ret = plan_read_text(r->file, text, len, st, &r->plan, &r->diag);

	/* the lines without errors; but a file that cannot be read could have defined their types
	 */
	if (ret && ret != -EINVAL)
		return;
	check_plan(&r->check, &r->plan);
	check_access(r, rules);
}

/* Contexts that the policy cannot tell about are errors. */
static void check_unknown(struct result *r)
{
	if (r->check.unknown)
		diag_add(&r->diag, DIAG_ERROR, (struct pos){ .file = r->file }, NULL,
			 "name a policy file with --policy FILE",
			 "%zu of %zu contexts could not be checked: %s", r->check.unknown,
			 r->check.contexts, running_policy_excuse(r->check.why_unknown));
}

/* Checks rules that are loaded. What would be a warning is none here: nft lists the rules of
 * iptables without their contexts, and rules of ours take labels off by the one of unlabeled
 * packets. */
static void check_listing(struct result *r, const struct listing *l)
{
	r->format = l->nft ? CHECK_NFT : CHECK_IPTABLES;
	if (!l->text)
		diag_add(&r->diag, DIAG_ERROR, (struct pos){ .file = r->file }, NULL, NULL,
			 "the rules cannot be listed: %s", l->why);
	else if (l->nft)
		check_nft(&r->check, r->file, l->text, l->len);
	else
		check_iptables(&r->check, r->file, l->text, l->len);
	diag_drop_warnings(&r->diag, 0);
	diag_sort(&r->diag);
	check_unknown(r);
}

static void check_file(struct result *r, const char *path, struct rules_of_policy *rules)
{
	struct err ignored;
	struct stat st;
	char *text;
	size_t len;
	/* once, so that its format and its contexts are found in the same text */
	int ret = file_read_given(path, r->file, &text, &len, &st, &ignored);

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
		check_read_plan(r, text, len, &st, rules);
	else if (r->format == CHECK_IPTABLES)
		check_iptables(&r->check, r->file, text, len);
	else
		check_nft(&r->check, r->file, text, len);
	free(text);
	diag_sort(&r->diag);
	if (!r->check.contexts && !r->diag.errors)
		diag_add(&r->diag, DIAG_WARNING, (struct pos){ .file = r->file }, NULL, NULL,
			 "no context in it was checked");
	check_unknown(r);
}

static json_t *finding_to_json(const struct diag_entry *e)
{
	return json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:o}", "severity",
			 e->severity == DIAG_ERROR ? "error" : "warning", "file",
			 text_to_json(e->pos.file), "line", (int)e->pos.line, "column",
			 (int)e->pos.col, "what", text_to_json(e->what), "text",
			 text_to_json(e->text), "hint", text_to_json(e->hint));
}

static json_t *promise_to_json(const struct plan_access_promise *p)
{
	return json_pack("{s:o, s:i, s:o, s:b, s:b, s:o}", "file", text_to_json(p->line->pos.file),
			 "line", (int)p->line->pos.line, "label", text_to_json(p->line->label.text),
			 "kept", p->kept, "known", p->known, "apart", text_to_json(p->apart));
}

static json_t *result_to_json(const struct result *r)
{
	json_t *findings = json_array(), *only = json_array();
	size_t i;

	for (i = 0; i < r->diag.n; i++)
		json_array_append_new(findings, need_json(finding_to_json(&r->diag.v[i])));
	for (i = 0; i < r->promises.n; i++)
		json_array_append_new(only, need_json(promise_to_json(&r->promises.v[i])));
	return json_pack("{s:o, s:s?, s:i, s:b, s:o, s:o}", "file", text_to_json(r->file), "format",
			 r->format == CHECK_AUTO ? NULL : formats[r->format - 1], "contexts",
			 (int)r->check.contexts, "clean", r->diag.errors == 0, "findings", findings,
			 "only", only);
}

/* Nobody may use a label that the policy does not have: that says little. */
static const char *promise_text(const struct result *r, const struct plan_access_promise *p)
{
	if (!p->kept)
		return "broken";
	if (p->known)
		return "kept";
	return plan_defines(&r->plan, &p->line->label) ?
		       "kept once the plan's module is loaded (secmarkctl policy --load PLAN)" :
		       "not checked: the policy does not have this label";
}

static void print_result(const struct result *r, const char *policy)
{
	size_t warnings = r->diag.n - r->diag.errors, len;
	const struct plan_access_promise *p;
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
	for (p = r->promises.v; p < r->promises.v + r->promises.n; p++)
		print_line(stdout, "%s:%u: only: %s%s%s", p->line->pos.file, p->line->pos.line,
			   promise_text(r, p), *p->apart ? "; apart from " : "", p->apart);
}

/* Everything that the run needs for each file. */
struct check_run {
	struct oracle *oracle;
	struct rules_of_policy rules;
	json_t *all; /* NULL: print text */
	bool clean;
};

/* Prints a result, and frees it. */
static void end_result(struct check_run *run, struct result *r)
{
	if (run->all)
		json_array_append_new(run->all, need_json(result_to_json(r)));
	else
		print_result(r, run->oracle->policy);
	run->clean = run->clean && !r->diag.errors;
	plan_access_free(&r->promises);
	plan_free(&r->plan);
	diag_free(&r->diag);
}

static void check_one(struct check_run *run, const char *path, enum check_format format)
{
	struct result r = { .file = !strcmp(path, "-") ? "<stdin>" : path, .format = format };

	r.check.oracle = run->oracle;
	r.check.diag = &r.diag;
	check_file(&r, path, &run->rules);
	end_result(run, &r);
}

static void check_loaded(struct check_run *run)
{
	struct listings all;
	size_t i;

	listings_read(&all);
	for (i = 0; i < all.n; i++) {
		struct result r = { .file = all.v[i].name };

		r.check.oracle = run->oracle;
		r.check.diag = &r.diag;
		check_listing(&r, &all.v[i]);
		end_result(run, &r);
	}
	if (!all.n && !run->all)
		puts("no rules are loaded");
	listings_free(&all);
}

static int check_parse(const struct args *args, enum check_format *format)
{
	int ret = parse_format(args, format);

	if (!ret && !args->n && !args->option[LOADED])
		ret = args_fault(args->cmd, NULL, NULL, "missing argument: FILE");
	return ret ? ret : args_stdin_once(args);
}

static int check_main(const struct args *args)
{
	struct check_run run = { .clean = true };
	enum check_format format;
	int i, ret = check_parse(args, &format);

	if (ret)
		return ret;
	run.oracle = policy_open(args->option[POLICY]);
	if (!run.oracle)
		return FAILED;
	run.rules = (struct rules_of_policy){ .file = args->option[POLICY], .asked = run.oracle };
	if (args->option[JSON])
		run.all = json_array();
	for (i = 0; i < args->n; i++)
		check_one(&run, args->operand[i], format);
	if (args->option[LOADED])
		check_loaded(&run);
	if (run.all)
		print_json(run.all);
	close_rules(&run.rules);
	oracle_free(run.oracle);
	return run.clean ? DONE : FAILED;
}

const struct cmd cmd_check = {
	.name = "check",
	.operands = "[FILE...]",
	.help = "check that the contexts in plans, dumps and rulesets are valid",
	.options = options,
	.max = -1,
	.run = check_main,
};
