// SPDX-License-Identifier: GPL-2.0-only
#include "application_files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <selinux/label.h>
#include <selinux/selinux.h>

#include "application_equal.h"
#include "base/err.h"
#include "base/file.h"
#include "plan/plan.h"
#include "policy/file_contexts.h"
#include "policy/module_text.h"
#include "policy_store.h"
#include "print.h"
#include "selinux/context.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/run.h"

#define RESTORECON "restorecon"
/* It touches a few files. */
#define RESTORECON_SECONDS 120
/* It reads one module, and changes nothing. */
#define EXTRACT_SECONDS 300

/* The label that the policy says for a path. The caller frees it with freecon(). */
static char *policy_label(const char *path)
{
	struct selabel_handle *labels = selabel_open(SELABEL_CTX_FILE, NULL, 0);
	char *context = NULL;

	if (!labels)
		return NULL;
	if (selabel_lookup_raw(labels, &context, path, S_IFREG))
		context = NULL;
	selabel_close(labels);
	return context;
}

static bool has_type(const char *context, const char *type)
{
	struct context ctx;
	struct err ignored;

	return context && !context_parse(context, &ctx, &ignored) && !strcmp(ctx.type, type);
}

char *application_file_type(const char *path)
{
	char *label = policy_label(path), *type = NULL;
	struct context ctx;
	struct err ignored;

	if (label && !context_parse(label, &ctx, &ignored))
		type = alloc_copy(ctx.type);
	freecon(label);
	return type;
}

void application_file_look(const struct plan_application *a, const char *path,
			   struct application_file *f)
{
	struct stat st;

	*f = (struct application_file){ .state = APPLICATION_FILE_LABELED };
	f->real = realpath(path, NULL);
	f->wanted = policy_label(path);
	if (lstat(path, &st))
		f->state = errno == ENOENT || errno == ENOTDIR ? APPLICATION_FILE_MISSING :
								 APPLICATION_FILE_UNKNOWN;
	else if (f->real && strcmp(f->real, path))
		f->state = APPLICATION_FILE_LINK;
	else if (lgetfilecon_raw(path, &f->context) < 0)
		f->state = APPLICATION_FILE_UNKNOWN;
	else if (!has_type(f->context, a->entry))
		f->state = has_type(f->wanted, a->entry) ? APPLICATION_FILE_RESTORE :
							   APPLICATION_FILE_OTHERS;
}

char *application_file_advice(const char *path, const struct application_file *f)
{
	char *text;
	size_t len;
	FILE *out;

	if (f->state == APPLICATION_FILE_LABELED)
		return NULL;
	out = buffer_open(&text, &len);
	switch (f->state) {
	case APPLICATION_FILE_MISSING:
		fputs("there is no such file", out);
		break;
	case APPLICATION_FILE_LINK:
		fprintf(out, "there is a link in this path: write %s in the plan", f->real);
		break;
	case APPLICATION_FILE_UNKNOWN:
		fputs("its label cannot be read", out);
		break;
	case APPLICATION_FILE_RESTORE:
		fprintf(out, "its label is %s: run " RESTORECON " %s", f->context, path);
		break;
	default:
		fprintf(out,
			"the policy has another label for it, %s: run secmarkctl policy --load "
			"PLAN; if that does not help, run semanage fcontext -d %s first",
			f->wanted ? f->wanted : "none", path);
	}
	buffer_close(out);
	return text;
}

void application_file_free(struct application_file *f)
{
	freecon(f->context);
	freecon(f->wanted);
	free(f->real);
	*f = (struct application_file){ .context = NULL };
}

void application_paths_add(struct application_paths *paths, char *path)
{
	size_t i;

	for (i = 0; i < paths->n; i++)
		if (!strcmp(paths->v[i], path)) {
			free(path);
			return;
		}
	paths->v = alloc_one_more(paths->v, paths->n, sizeof(*paths->v));
	paths->v[paths->n++] = path;
}

static void paths_add_one(void *arg, char *path)
{
	application_paths_add(arg, path);
}

int application_paths_of_module(struct application_paths *paths, const char *name, struct err *err)
{
	char *text;
	int ret = policy_store_read(name, EXTRACT_SECONDS, &text, err);

	if (ret)
		return ret == -ENOENT ? 0 : ret;
	module_text_paths(text, paths_add_one, paths);
	free(text);
	return 0;
}

void application_paths_of_plan(struct application_paths *paths, const struct plan *plan)
{
	size_t i, k;

	for (i = 0; i < plan->n_applications; i++)
		for (k = 0; k < plan->applications[i].n_paths; k++)
			application_paths_add(paths,
					      alloc_copy(plan->applications[i].paths[k].text));
}

bool application_paths_restore(const struct application_paths *paths)
{
	const char **argv = alloc_zeroed(paths->n + 3, sizeof(*argv));
	struct run_result result = { .status = 0 };
	struct err err;
	size_t n = 0, i;
	int ret = 0;

	argv[n++] = RESTORECON;
	argv[n++] = "-v";
	for (i = 0; i < paths->n; i++)
		if (!access(paths->v[i], F_OK))
			argv[n++] = paths->v[i];
	if (n > 2) {
		ret = run(argv, NULL, 0, RESTORECON_SECONDS, &result, &err);
		if (!ret && result.status)
			ret = err_set(&err, -EIO, RESTORECON " ends with %d: %s", result.status,
				      result.err);
		if (result.out)
			print_lines(result.out);
		if (ret)
			print_err(&err);
		run_free(&result);
	}
	free(argv);
	return !ret;
}

void application_paths_free(struct application_paths *paths)
{
	size_t i;

	for (i = 0; i < paths->n; i++)
		free(paths->v[i]);
	free(paths->v);
	*paths = (struct application_paths){ NULL };
}
