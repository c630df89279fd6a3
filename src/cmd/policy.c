// SPDX-License-Identifier: GPL-2.0-only
/* policy: make a policy module of a plan, and load it */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "advise/domain_names.h"
#include "advise/plan_access.h"
#include "advise/unlabeled_access.h"
#include "application_equal.h"
#include "application_files.h"
#include "args.h"
#include "base/err.h"
#include "older_module.h"
#include "plan/plan.h"
#include "policy/application.h"
#include "policy/file_contexts.h"
#include "policy/module.h"
#include "policy/names.h"
#include "policy/older.h"
#include "policy/program.h"
#include "policy_option.h"
#include "policy_owner.h"
#include "policy_store.h"
#include "print.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "util/buffer.h"
#include "util/diag.h"

enum { CIL, TE, IF, FC, NAME, LOAD, UNLOAD, POLICY };

static const struct cmd_option options[] = {
	[CIL] = { "cil", NULL, "print NAME.cil, for semodule (default)", 0 },
	[TE] = { "te", NULL, "print NAME.te, for refpolicy's Makefile", 0 },
	[IF] = { "if", NULL, "print NAME.if: interfaces for other modules", 0 },
	[FC] = { "fc", NULL, "print NAME.fc", 0 },
	[NAME] = { "name", "NAME", "the module's name (default: " POLICY_MODULE_NAME ")", 0 },
	[LOAD] = { "load", NULL, "load the module with semodule", 0 },
	[UNLOAD] = { "unload", NULL, "take it out of the policy again; needs no plan", 0 },
	[POLICY] = POLICY_OPTION,
	{ NULL, NULL, NULL, 0 },
};

/* How each text is printed. The option --cil may be left out. */
static policy_module_printer *const printers[] = {
	[CIL] = policy_module_print_cil,
	[TE] = policy_module_print_te,
	[IF] = policy_module_print_if,
	[FC] = policy_module_print_fc,
};

/* The first option of these that is given, but not the one before @from; -1: none. */
static int given(const struct args *args, int from)
{
	static const int what[] = { CIL, TE, IF, FC, LOAD, UNLOAD };
	size_t i;

	for (i = 0; i < sizeof(what) / sizeof(what[0]); i++)
		if (what[i] >= from && args->option[what[i]])
			return what[i];
	return -1;
}

static char *module_text(const struct policy_module *m, const char *path, int form, size_t *len)
{
	char *text, safe[512];
	FILE *out = buffer_open(&text, len);

	fprintf(out, "%s " POLICY_MODULE_MADE "%s.\n", form == CIL ? ";" : "#",
		err_printable(safe, sizeof(safe), path));
	printers[form](m, out);
	buffer_close(out);
	return text;
}

/* The policy that the module is for. */
struct target {
	const char *file;      /* the value of --policy, or NULL */
	bool load;             /* the module is to be loaded */
	struct oracle *oracle; /* NULL: it cannot be read, and why says why; or it is not needed */
	struct err why;
	struct policy_older older; /* the module that this one replaces */
};

/* Reads the policy, if there is anything to ask it. Returns DONE, also if it cannot be read: that
 * is an error for a plan with applications, or if --policy names it. */
static int target_open(struct target *t, const struct plan *plan, const char *name,
		       struct diag *diag)
{
	if (!t->file && !t->load && !plan->n_applications && plan->unlabeled != PLAN_UNLABELED_DENY)
		return DONE;
	t->oracle = policy_find_whole(t->file, &t->why);
	/* a policy in a file may be of another machine than the store */
	if (t->oracle && (plan->n_applications || plan->unlabeled == PLAN_UNLABELED_DENY) &&
	    (t->load || !t->file))
		older_module_read(&t->older, name);
	if (t->oracle)
		return DONE;
	if (plan->n_applications) {
		diag_add(diag, DIAG_ERROR, plan->applications->pos, plan->applications->name,
			 t->why.what, "an application needs the rules of a policy");
		return FAILED;
	}
	if (!t->file)
		return DONE;
	print_err(&t->why);
	return FAILED;
}

/* The new module, and the one that it replaces. */
struct replacement {
	const struct policy_module *m;
	const struct policy_older *older;
};

/* Does a rule end when the new module is loaded? */
static bool ends_with_load(void *arg, const struct access_rule *rule)
{
	const struct replacement *r = arg;
	const struct module_rule *own;

	for (own = r->m->rules; own < r->m->rules + r->m->n_rules; own++)
		if (!strcmp(own->subject, rule->source) && !strcmp(own->object, rule->target))
			return false;
	return !rule->condition && policy_older_alone(r->older, rule->source, rule->target);
}

/* Judges the names of the plan: those that it defines, and those that it needs. Tells what the
 * policy grants where the plan says "unlabeled deny". */
static void ask_policy(struct target *t, const struct policy_module *m, struct diag *diag)
{
	const struct plan *plan = m->plan;
	struct replacement replacement = { m, &t->older };
	const struct unlabeled_access_older older = { ends_with_load, &replacement };
	struct domain_names names = { .plan = plan,
				      .diag = diag,
				      .severity = t->load ? DIAG_ERROR : DIAG_WARNING };
	struct access *access = NULL;

	if (t->oracle)
		policy_owner_refuse_taken(plan, t->oracle, t->file, t->load ? m->name : NULL, diag);
	if (t->oracle && access_open(t->oracle, &access, &t->why))
		access = NULL;
	plan_access_judge_own(access, plan, diag);
	names.access = access;
	if (access)
		domain_names_judge_plan(&names, t->oracle);
	unlabeled_access_tell(plan, access, &t->why, t->load || t->older.modules ? &older : NULL,
			      diag);
	access_close(access);
}

/* Reads what the policy gives to applications. */
static int make_applications(struct policy_applications *all, const struct policy_module *m,
			     const struct target *t, struct diag *diag)
{
	struct err err;
	int ret;

	all->older = &t->older;
	ret = policy_applications_make(all, m, oracle_file_tables(t->oracle), diag, &err);

	if (ret == -ENODATA)
		print_err(&err);
	return ret ? FAILED : DONE;
}

/* Refuses what cannot be an application. A policy in a file says nothing of files. */
static void judge_programs(const struct target *t, const struct plan *plan, struct diag *diag)
{
	const struct policydb *p = oracle_file_tables(t->oracle);
	const struct plan_application *a;
	char *type;
	size_t i;

	for (a = plan->applications; a < plan->applications + plan->n_applications; a++)
		for (i = 0; i < a->n_paths; i++) {
			type = application_file_type(a->paths[i].text);
			if (type)
				policy_program_judge(p, a, &a->paths[i], type, diag);
			free(type);
		}
}

/* Tells what keeps files from being the programs of the plan's applications. */
static void warn_of_files(const struct plan *plan, struct diag *diag)
{
	const struct plan_application *a;
	struct application_file f;
	char *advice;
	size_t i;

	for (a = plan->applications; a < plan->applications + plan->n_applications; a++) {
		for (i = 0; i < a->n_paths; i++) {
			application_file_look(a, a->paths[i].text, &f);
			advice = application_file_advice(a->paths[i].text, &f);
			if (advice)
				diag_add(diag, DIAG_WARNING, a->paths[i].pos, a->paths[i].text,
					 advice, "this file is not the application's program");
			free(advice);
			application_file_free(&f);
		}
	}
}

/* Labels the files with these paths as the policy and a plan say. First as the policy says: the
 * interpreter of semanage may be one of them, and its label is not valid any more if only the
 * module before had its application. */
static bool settle_files(const struct application_paths *paths, const struct plan *plan)
{
	return application_paths_restore(paths) && application_equal_settle(paths, plan, NULL) &&
	       application_paths_restore(paths);
}

/* Loads a module, and labels the files that it and the one before it name. */
static int load_module(const struct plan *plan, const char *name, const char *text, size_t len)
{
	struct application_paths paths = { NULL };
	struct diag diag = { 0 };
	struct err err;
	bool loaded;
	int ret;

	if (application_paths_of_module(&paths, name, &err)) {
		print_err(&err);
		return FAILED;
	}
	application_equal_add(&paths);
	application_paths_of_plan(&paths, plan);
	ret = policy_store_load(name, text, len);
	loaded = ret == DONE;
	if (loaded && !settle_files(&paths, plan))
		ret = FAILED;
	if (loaded)
		warn_of_files(plan, &diag);
	print_diag(&diag);
	diag_free(&diag);
	application_paths_free(&paths);
	return ret;
}

/* The module stays, so its files are equal to others again. */
static void equal_again(void *undo)
{
	if (!application_equal_undo(undo))
		fputs("secmarkctl: run secmarkctl policy --load PLAN: files of its applications "
		      "may lose their labels\n",
		      stderr);
}

/* Removes a module, and gives its files back the labels that they had. */
static int unload_module(const char *name)
{
	struct application_paths paths = { NULL };
	struct err err;
	char *undo;
	int ret = FAILED;

	if (policy_owner_may_unload(name, &err) ||
	    application_paths_of_module(&paths, name, &err)) {
		print_err(&err);
		return FAILED;
	}
	application_equal_add(&paths);
	/* while the files still have labels, and while the module says what is to be undone */
	if (application_equal_settle(&paths, NULL, &undo))
		ret = policy_store_unload(name, equal_again, undo);
	free(undo);
	if (ret == DONE && !application_paths_restore(&paths))
		ret = FAILED;
	application_paths_free(&paths);
	return ret;
}

static int policy_of_plan(const struct args *args, const char *name, int form, bool load)
{
	const char *path = args->operand[0];
	struct policy_applications applications = { NULL };
	struct target target = { .file = args->option[POLICY], .load = load };
	struct policy_module module = { 0 };
	struct file_labels labels = { NULL };
	struct diag diag = { 0 };
	struct plan plan;
	int ret = plan_read(path, &plan, &diag) ? FAILED : DONE;
	char *text = NULL;
	size_t len = 0;

	if (ret == DONE) {
		policy_names_check(&plan,
				   form == CIL ? POLICY_CIL :
				   form == IF  ? POLICY_IF :
						 POLICY_TE,
				   &diag);
		policy_module_make(&module, &plan, name, &diag);
		ret = target_open(&target, &plan, name, &diag);
		if (ret == DONE)
			ask_policy(&target, &module, &diag);
		if (ret == DONE && plan.n_applications)
			ret = make_applications(&applications, &module, &target, &diag);
		/* a policy in a file says nothing of files */
		if (load || !args->option[POLICY]) {
			application_file_labels(&labels);
			policy_application_refuse_folders(&labels, &plan, &diag);
			if (ret == DONE && plan.n_applications)
				judge_programs(&target, &plan, &diag);
		}
		applications.labels = &labels;
		module.applications = &applications;
	}
	if (ret == DONE)
		text = module_text(&module, path, form, &len);
	diag_sort(&diag);
	print_diag(&diag);
	if (diag.errors)
		ret = FAILED;
	if (ret == DONE && load)
		ret = load_module(&plan, name, text, len);
	else if (ret == DONE)
		fwrite(text, 1, len, stdout);
	free(text);
	policy_module_free(&module);
	policy_applications_free(&applications);
	file_labels_free(&labels);
	policy_older_free(&target.older);
	oracle_free(target.oracle);
	plan_free(&plan);
	diag_free(&diag);
	return ret;
}

static int policy_run(const struct args *args)
{
	const char *name = args->option[NAME] ? args->option[NAME] : POLICY_MODULE_NAME;
	int what = given(args, 0), other = given(args, what + 1);

	if (!policy_module_is_name(name))
		return args_fault(args->cmd, name,
				  "expected up to 64 letters, digits and _, a letter first, and "
				  "no keyword",
				  "this cannot be the name of a module");
	if (what >= 0 && other >= 0)
		return args_fault(args->cmd, NULL, NULL, "--%s and --%s exclude each other",
				  options[what].name, options[other].name);
	if (what == UNLOAD)
		return args->n ? args_unexpected(args, 0) : unload_module(name);
	if (!args->n)
		return args_fault(args->cmd, NULL, NULL, "missing argument: PLAN");
	return policy_of_plan(args, name, what < 0 || what == LOAD ? CIL : what, what == LOAD);
}

const struct cmd cmd_policy = {
	.name = "policy",
	.operands = "[PLAN]",
	.help = "make a policy module of a plan, and load it",
	.options = options,
	.max = 1,
	.run = policy_run,
};
