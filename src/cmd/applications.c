// SPDX-License-Identifier: GPL-2.0-only
/* applications: which applications a plan defines, and whether their files and processes are theirs
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <selinux/selinux.h>

#include "application_files.h"
#include "args.h"
#include "base/err.h"
#include "base/file.h"
#include "load/state.h"
#include "plan/plan.h"
#include "print.h"
#include "selinux/context.h"
#include "util/diag.h"
#include "util/json.h"

enum { JSON };

static const struct cmd_option options[] = {
	[JSON] = { "json", NULL, "print it as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

/* Has the running policy the types? 1, 0, or -1 if nobody can tell. */
static int is_in_policy(const struct plan_application *a)
{
	char *base = NULL, text[CONTEXT_LEN_MAX + 1];
	struct context ctx;
	struct err ignored;
	int defined = -1;

	if (security_get_initial_context_raw("file", &base) || !base)
		return -1;
	if (!context_parse(base, &ctx, &ignored) &&
	    !context_format(text, ctx.user, ctx.role, a->entry, ctx.level)) {
		if (!security_check_context_raw(text))
			defined = 1;
		else if (errno == EINVAL)
			defined = 0;
	}
	freecon(base);
	return defined;
}

/* The name of a process. The caller frees it. */
static char *process_name(int pid)
{
	char path[64], *name;
	struct err ignored;
	size_t len;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	if (file_read(path, &name, &len, &ignored))
		return NULL;
	name[strcspn(name, "\n")] = '\0';
	return name;
}

static bool runs_in(int pid, const char *domain)
{
	struct context ctx;
	struct err ignored;
	char *context = NULL;
	bool runs;

	if (getpidcon_raw(pid, &context) || !context)
		return false;
	runs = !context_parse(context, &ctx, &ignored) && !strcmp(ctx.type, domain);
	freecon(context);
	return runs;
}

static int by_pid(const struct dirent **a, const struct dirent **b)
{
	return atoi((*a)->d_name) - atoi((*b)->d_name);
}

static int is_process(const struct dirent *e)
{
	return isdigit((unsigned char)e->d_name[0]);
}

/* The processes of a domain, in the order of their numbers. */
static json_t *processes_of(const char *domain)
{
	json_t *all = need_json(json_array());
	struct dirent **v = NULL;
	int n = scandir("/proc", &v, is_process, by_pid), i, pid;

	for (i = 0; i < n; i++) {
		pid = atoi(v[i]->d_name);
		if (runs_in(pid, domain)) {
			char *name = process_name(pid);
			json_t *one = need_json(json_object());

			json_object_set_new(one, "pid", json_integer(pid));
			json_object_set_new(one, "name", text_to_json(name));
			json_array_append_new(all, one);
			free(name);
		}
		free(v[i]);
	}
	free(v);
	return all;
}

static json_t *file_to_json(const struct plan_application *a, const char *path, bool *good)
{
	struct application_file f;
	json_t *file = need_json(json_object());
	char *advice;

	application_file_look(a, path, &f);
	advice = application_file_advice(path, &f);
	json_object_set_new(file, "path", text_to_json(path));
	json_object_set_new(file, "context", text_to_json(f.context));
	json_object_set_new(file, "problem", text_to_json(advice));
	*good = *good && !advice;
	free(advice);
	application_file_free(&f);
	return file;
}

static json_t *application_to_json(const struct plan_application *a, bool *good)
{
	json_t *all = need_json(json_object()), *files = need_json(json_array());
	json_t *from = need_json(json_array());
	int defined = is_in_policy(a);
	size_t i;

	json_object_set_new(all, "name", text_to_json(a->name));
	json_object_set_new(all, "domain", text_to_json(a->domain));
	json_object_set_new(all, "entry_type", text_to_json(a->entry));
	json_object_set_new(all, "in_policy", defined < 0 ? json_null() : json_boolean(defined));
	*good = *good && defined == 1;
	for (i = 0; i < a->from.n; i++)
		json_array_append_new(from, text_to_json(a->from.v[i].name));
	json_object_set_new(all, "from", from);
	for (i = 0; i < a->n_paths; i++)
		json_array_append_new(files, file_to_json(a, a->paths[i].text, good));
	json_object_set_new(all, "files", files);
	json_object_set_new(all, "processes", processes_of(a->domain));
	return all;
}

static const char *text_in(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void print_application(const json_t *a)
{
	const json_t *defined = json_object_get(a, "in_policy"), *one;
	size_t i;

	print_line(stdout, "%s: %s%s", text_in(a, "name"), text_in(a, "domain"),
		   json_is_true(defined)  ? "" :
		   json_is_false(defined) ? " is not in the policy: run secmarkctl policy --load" :
					    " (nobody can say if the policy has it)");
	json_array_foreach(json_object_get(a, "files"), i, one)
	{
		const char *problem = text_in(one, "problem");

		print_line(stdout, "  %s: %s", text_in(one, "path"), problem ? problem : "labeled");
	}
	json_array_foreach(json_object_get(a, "processes"), i, one)
	{
		const char *name = text_in(one, "name");

		print_line(stdout, "  process %" JSON_INTEGER_FORMAT ": %s",
			   json_integer_value(json_object_get(one, "pid")),
			   name ? name : "unknown");
	}
}

/* Reads the plan, or the one that is loaded. */
static int applications_read(const char *path, struct plan *plan)
{
	struct load_state loaded = { .plan_name = NULL };
	struct diag diag = { 0 };
	struct err err;
	int ret;

	if (path) {
		ret = plan_read(path, plan, &diag);
	} else {
		ret = state_read(&loaded, &err);
		if (ret) {
			print_err(&err);
			return ret;
		}
		ret = plan_parse(loaded.plan_name, loaded.plan_text, strlen(loaded.plan_text), plan,
				 &diag);
		state_clear(&loaded);
	}
	if (ret)
		print_diag(&diag);
	diag_free(&diag);
	return ret;
}

static int applications_run(const struct args *args)
{
	json_t *all, *one;
	struct plan plan = { .n_types = 0 };
	bool good = true;
	size_t i;

	if (applications_read(args->n ? args->operand[0] : NULL, &plan)) {
		plan_free(&plan);
		return FAILED;
	}
	all = need_json(json_array());
	for (i = 0; i < plan.n_applications; i++)
		json_array_append_new(all, application_to_json(&plan.applications[i], &good));
	if (args->option[JSON]) {
		print_json(all);
	} else {
		json_array_foreach(all, i, one) print_application(one);
		if (!plan.n_applications)
			puts("the plan defines no application");
		json_decref(all);
	}
	plan_free(&plan);
	return good ? DONE : FAILED;
}

const struct cmd cmd_applications = {
	.name = "applications",
	.operands = "[PLAN]",
	.help = "show the applications of a plan, their files and their processes",
	.options = options,
	.max = 1,
	.run = applications_run,
};
