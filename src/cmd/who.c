// SPDX-License-Identifier: GPL-2.0-only
/* who: which domains the policy allows to use which labels, and what allows it */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "advise/check.h"
#include "args.h"
#include "base/err.h"
#include "plan/plan.h"
#include "policy/module_rules.h"
#include "policy_option.h"
#include "policy_store.h"
#include "print.h"
#include "print_access.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "store_list.h"
#include "util/alloc.h"
#include "util/diag.h"

enum { DOMAIN, MODULES, POLICY, JSON, DOT };

static const struct cmd_option options[] = {
	[DOMAIN] = { "domain", "DOMAIN", "only what this domain, or context, may use", 0 },
	[MODULES] = { "modules", NULL, "also show which modules have each rule", 0 },
	[POLICY] = POLICY_OPTION,
	[JSON] = { "json", NULL, "print the answer as JSON", 0 },
	[DOT] = { "dot", NULL, "print a picture for dot(1)", 0 },
	{ NULL, NULL, NULL, 0 },
};

struct who {
	const struct args *args;
	const char *domain; /* of --domain, or NULL */
	struct access *access;
	struct plan plan;
	struct access_answers answers;
	struct module_rules modules;
};

/* Adds the answer about a label. line: the plan's line that has it, or NULL. */
static int ask(struct who *w, const char *label, const struct plan_line *line, struct err *err)
{
	struct access_answers *all = &w->answers;
	struct access_answer *a;

	all->v = alloc_one_more(all->v, all->n, sizeof(*all->v));
	a = &all->v[all->n++];
	*a = (struct access_answer){ .label = label, .known = true };
	if (line) {
		a->label = line->label.text;
		a->file = line->pos.file;
		a->line = line->pos.line;
	}
	return w->domain ? access_of(w->access, w->domain, label, &a->grants, err) :
			   access_of_label(w->access, label, &a->grants, err);
}

/* Asks about all labels of the policy. */
static int who_ask_all(struct who *w, struct err *err)
{
	const char **labels = access_labels(w->access), **label;
	int ret = 0;

	for (label = labels; *label && !ret; label++)
		ret = ask(w, *label, NULL, err);
	free(labels);
	return ret;
}

static int by_context(const void *x, const void *y)
{
	const struct plan_line *a = *(const struct plan_line *const *)x;
	const struct plan_line *b = *(const struct plan_line *const *)y;
	int order = strcmp(a->label.context, b->label.context);

	return order ? order : (a > b) - (a < b);
}

static int who_by_place(const void *x, const void *y)
{
	const struct plan_line *a = *(const struct plan_line *const *)x;
	const struct plan_line *b = *(const struct plan_line *const *)y;

	return (a > b) - (a < b);
}

/* The first line with each label, in their order. The caller frees it. */
static const struct plan_line **first_lines(const struct plan *plan, size_t *n)
{
	const struct plan_line **v = alloc_zeroed(plan->n_lines + 1, sizeof(*v));
	size_t i, kept = 0;

	for (i = 0; i < plan->n_lines; i++)
		v[i] = &plan->lines[i];
	qsort(v, plan->n_lines, sizeof(*v), by_context);
	for (i = 0; i < plan->n_lines; i++)
		if (!kept || strcmp(v[kept - 1]->label.context, v[i]->label.context))
			v[kept++] = v[i];
	qsort(v, kept, sizeof(*v), who_by_place);
	*n = kept;
	return v;
}

/* Does the plan define the type of the line's label, and the policy does not have it? */
static bool who_is_missing(const struct who *w, const struct plan_line *line)
{
	struct context ctx;

	return plan_defines(&w->plan, &line->label) &&
	       !access_has(w->access, plan_label_type(&line->label, &ctx));
}

static int ask_lines(struct who *w, struct err *err)
{
	struct access_answers *all = &w->answers;
	size_t n, i;
	const struct plan_line **lines = first_lines(&w->plan, &n), *line;
	int ret = 0;

	for (i = 0; i < n && !ret; i++) {
		line = lines[i];
		if (!who_is_missing(w, line)) {
			ret = ask(w, line->label.context, line, err);
			continue;
		}
		all->v = alloc_one_more(all->v, all->n, sizeof(*all->v));
		all->v[all->n++] = (struct access_answer){ .label = line->label.text,
							   .file = line->pos.file,
							   .line = line->pos.line };
	}
	free(lines);
	return ret;
}

/* The name of an application in the plan stands for its domain, as in the plan itself. */
static int settle_domain(struct who *w, struct err *err)
{
	const struct plan_application *a = w->plan.applications, *end = a + w->plan.n_applications;

	if (!w->domain)
		return 0;
	while (a < end && strcmp(a->name, w->domain))
		a++;
	if (a < end) {
		w->answers.domain = w->domain = a->domain;
		if (!access_has(w->access, a->domain)) {
			err_set(err, -ENOENT, "%s does not have the application %s",
				w->answers.policy, a->name);
			err_hint(err, "secmarkctl policy --load PLAN loads the plan's module");
			return -ENOENT;
		}
	}
	return access_judge_domain(w->access, w->domain, err);
}

/* Reads the plan, and has the policy judge its labels. */
static int ask_plan(struct who *w, const char *path, struct oracle *oracle, struct err *err)
{
	struct diag diag = { 0 };
	struct check check = { .oracle = oracle, .diag = &diag };
	int ret = plan_read(path, &w->plan, &diag);

	*err = (struct err){ "", "" };
	if (!ret)
		ret = check_plan(&check, &w->plan);
	diag_sort(&diag);
	print_diag(&diag);
	diag_free(&diag);
	if (!ret && check.unknown) {
		err_set(err, -ENODATA, "%s does not tell the context of its packet types",
			oracle->policy);
		err_hint(err, "write whole contexts in the plan");
		return -ENODATA;
	}
	if (!ret)
		ret = settle_domain(w, err);
	return ret ? ret : ask_lines(w, err);
}

/* A word without a slash that is a type of the policy is that type. */
static int ask_operand(struct who *w, struct oracle *oracle, struct err *err)
{
	const char *text = w->args->n ? w->args->operand[0] : NULL;

	if (!text)
		return who_ask_all(w, err);
	if (strcmp(text, "-") && (access_has(w->access, text) || strchr(text, ':') ||
				  (!strchr(text, '/') && access(text, F_OK))))
		return ask(w, text, NULL, err);
	return ask_plan(w, text, oracle, err);
}

/* Says why there is no answer, if the question is about something else than it seems. */
static void warn_of_kinds(const struct who *w)
{
	const struct access_answer *a = w->answers.v, *end = a + w->answers.n;
	size_t i;

	/* a permissive domain is there without a rule */
	for (; a < end; a++)
		for (i = 0; i < a->grants.n; i++)
			if (a->grants.v[i].n_rules)
				return;
	if (w->domain && !strchr(w->domain, ':') && !access_is_domain(w->access, w->domain))
		print_line(stderr, "secmarkctl: warning: %s is no domain: no process has this type",
			   w->domain);
	for (a = w->answers.v; a < end; a++)
		if (a->known && !strchr(a->label, ':') && !access_is_label(w->access, a->label))
			print_line(stderr,
				   "secmarkctl: warning: %s is no label of packets: no rule of the "
				   "policy is about packets with it",
				   a->label);
}

static void who_read_module(void *arg, const char *module, const char *cil)
{
	module_rules_read(arg, module, cil);
}

/* Asks the policy store of this machine. */
static int who_read_modules(struct who *w, struct err *err)
{
	int ret = policy_store_each(STORE_SECONDS, who_read_module, &w->modules, err);

	module_rules_sort(&w->modules);
	w->answers.modules = &w->modules;
	return ret;
}

static void print_answers(const struct who *w)
{
	if (w->args->option[JSON])
		print_access_json(&w->answers);
	else if (w->args->option[DOT])
		print_access_dot(&w->answers);
	else
		print_access_text(&w->answers);
}

static void who_free(struct who *w)
{
	size_t i;

	for (i = 0; i < w->answers.n; i++)
		access_grants_free(&w->answers.v[i].grants);
	free(w->answers.v);
	plan_free(&w->plan);
	module_rules_free(&w->modules);
	access_close(w->access);
}

static int who_run(const struct args *args)
{
	struct who w = { .args = args };
	struct oracle *oracle;
	struct err err;
	int ret;

	if (args->option[JSON] && args->option[DOT])
		return args_fault(args->cmd, NULL, NULL, "--dot cannot be used with --json");
	if (args->option[MODULES] && args->option[DOT])
		return args_fault(args->cmd, NULL, NULL, "--modules cannot be used with --dot");
	oracle = policy_open_whole(args->option[POLICY]);
	if (!oracle)
		return FAILED;
	w.answers.policy = oracle->policy;
	w.domain = w.answers.domain = args->option[DOMAIN];
	ret = access_open(oracle, &w.access, &err);
	if (!ret) {
		w.answers.missing = access_missing(w.access);
		w.answers.unknown = access_unknown(w.access);
		ret = ask_operand(&w, oracle, &err);
	}
	if (!ret && args->option[MODULES])
		ret = who_read_modules(&w, &err);
	if (!ret) {
		warn_of_kinds(&w);
		print_answers(&w);
	} else if (*err.what) {
		print_err(&err);
	}
	who_free(&w);
	oracle_free(oracle);
	return ret ? FAILED : DONE;
}

const struct cmd cmd_who = {
	.name = "who",
	.operands = "[TYPE|PLAN]",
	.help = "show which domains may use which labels, and which rule allows it",
	.options = options,
	.max = 1,
	.run = who_run,
};
