// SPDX-License-Identifier: GPL-2.0-only
#include "application_equal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <selinux/selinux.h>

#include "application_files.h"
#include "base/err.h"
#include "base/file.h"
#include "plan/plan.h"
#include "policy/file_contexts.h"
#include "print.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/run.h"

#define SEMANAGE "semanage"
/* a command of it: the other path, and the path that gets its label */
#define EQUAL "fcontext -a -e %s %s\n"
/* It reads the policy, and writes a small file. */
#define SEMANAGE_SECONDS 300

/* A path, and the one whose label it has. */
struct equal {
	const char *path, *other;
};

struct equals {
	struct equal *v;
	size_t n;
	char *text; /* the words of v are in it */
};

static char *read_text(const char *path)
{
	struct err ignored;
	char *text;
	size_t len;

	return path && !file_read(path, &text, &len, &ignored) ? text : NULL;
}

void application_file_labels(struct file_labels *labels)
{
	*labels = (struct file_labels){
		.contexts = read_text(selinux_file_context_path()),
		.dist = read_text(selinux_file_context_subs_dist_path()),
		.local = read_text(selinux_file_context_subs_path()),
	};
}

/* Reads what semanage has written: "PATH OTHER", one on each line. */
static void equals_read(struct equals *all)
{
	char *line, *next, *path, *other, *rest;

	*all = (struct equals){ .text = read_text(selinux_file_context_subs_path()) };
	for (line = all->text; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		path = strtok_r(line, " \t", &rest);
		other = path ? strtok_r(NULL, " \t", &rest) : NULL;
		if (!other || *path == '#')
			continue;
		all->v = alloc_one_more(all->v, all->n, sizeof(*all->v));
		all->v[all->n++] = (struct equal){ path, other };
	}
}

static void equals_free(struct equals *all)
{
	free(all->v);
	free(all->text);
}

static const struct equal *equals_find(const struct equals *all, const char *path)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->v[i].path, path))
			return &all->v[i];
	return NULL;
}

/* Has secmarkctl made it, for a module with these paths? Then the other path is PATH.DOMAIN. */
static bool is_of_module(const struct equal *e, const struct application_paths *paths)
{
	size_t len = strlen(e->path), i;

	if (strncmp(e->other, e->path, len) || e->other[len] != '.')
		return false;
	for (i = 0; i < paths->n; i++)
		if (!strcmp(paths->v[i], e->other))
			return true;
	return false;
}

void application_equal_add(struct application_paths *paths)
{
	struct equals all;
	size_t i;

	equals_read(&all);
	for (i = 0; i < all.n; i++)
		if (is_of_module(&all.v[i], paths))
			application_paths_add(paths, alloc_copy(all.v[i].path));
	equals_free(&all);
}

/* What a plan needs. The words are copies. */
static void equals_of_plan(struct equals *all, const struct plan *plan)
{
	const struct plan_application *a;
	struct file_labels labels;
	const char *path;
	char *other;
	size_t i;

	application_file_labels(&labels);
	*all = (struct equals){ NULL };
	for (a = plan->applications; a < plan->applications + plan->n_applications; a++) {
		for (i = 0; i < a->n_paths; i++) {
			path = a->paths[i].text;
			other = policy_application_path(&labels, a, path);
			if (!strcmp(other, path)) {
				free(other);
				continue;
			}
			all->v = alloc_one_more(all->v, all->n, sizeof(*all->v));
			all->v[all->n++] = (struct equal){ path, other };
		}
	}
	file_labels_free(&labels);
}

static void equals_of_plan_free(struct equals *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		free((char *)all->v[i].other);
	free(all->v);
}

static bool run_semanage(const char *commands, size_t len)
{
	static const char *const argv[] = { SEMANAGE, "import", NULL };
	struct run_result result = { .status = 0 };
	struct err err;
	int ret = run(argv, commands, len, SEMANAGE_SECONDS, &result, &err);

	if (ret == -ENOENT)
		err_hint(&err, "Debian's package policycoreutils-python-utils has it");
	if (!ret && result.status)
		ret = err_set(&err, -EIO, SEMANAGE " ends with %d: %s", result.status, result.err);
	if (ret)
		print_err(&err);
	run_free(&result);
	return !ret;
}

bool application_equal_settle(const struct application_paths *old, const struct plan *plan,
			      char **undo)
{
	struct equals is, needed = { NULL };
	const struct equal *e, *other;
	char *commands, *back;
	bool good = true;
	size_t len, back_len;
	FILE *out = buffer_open(&commands, &len), *undoing = buffer_open(&back, &back_len);

	equals_read(&is);
	if (plan)
		equals_of_plan(&needed, plan);
	for (e = is.v; e < is.v + is.n; e++) {
		other = equals_find(&needed, e->path);
		if (!is_of_module(e, old) || (other && !strcmp(other->other, e->other)))
			continue;
		fprintf(out, "fcontext -d %s\n", e->path);
		fprintf(undoing, EQUAL, e->other, e->path);
	}
	for (e = needed.v; e < needed.v + needed.n; e++) {
		other = equals_find(&is, e->path);
		/* an administrator's own stays: the file's label then says so */
		if (!other || (is_of_module(other, old) && strcmp(other->other, e->other)))
			fprintf(out, EQUAL, e->other, e->path);
	}
	buffer_close(out);
	buffer_close(undoing);
	if (len)
		good = run_semanage(commands, len);
	free(commands);
	if (undo)
		*undo = good ? back : NULL;
	if (!undo || !good)
		free(back);
	equals_free(&is);
	equals_of_plan_free(&needed);
	return good;
}

bool application_equal_undo(const char *undo)
{
	return !*undo || run_semanage(undo, strlen(undo));
}
