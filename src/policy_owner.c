// SPDX-License-Identifier: GPL-2.0-only
#include "policy_owner.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "policy/module_text.h"
#include "policy/taken.h"
#include "policy_store.h"
#include "selinux/oracle_file.h"
#include "store_list.h"
#include "util/alloc.h"
#include "util/run.h"

/* The modules with one name. */
struct modules {
	int below;         /* the highest priority below ours; 0: there is none */
	bool ours, theirs; /* one with our priority: is it ours? */
	char *cil;         /* its text */
};

static int look_at_module(const char *line, const char *name, struct modules *m, struct err *err)
{
	int ours = atoi(POLICY_STORE_PRIORITY), ret;
	struct store_line read;

	if (!store_line_read(line, &read) || !store_line_names(&read, name))
		return 0;
	if (read.priority < ours && read.priority > m->below)
		m->below = read.priority;
	if (read.priority != ours)
		return 0;
	ret = policy_store_read(name, STORE_SECONDS, &m->cil, err);
	m->ours = !ret && module_text_is_ours(m->cil);
	m->theirs = !m->ours;
	return ret;
}

static int find_modules(const char *name, struct modules *m, struct err *err)
{
	struct run_result list = { .status = 0 };
	const char *line;
	int ret = store_list(&list, err);

	*m = (struct modules){ 0 };
	for (line = list.out; !ret && line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		ret = look_at_module(line, name, m, err);
	}
	run_free(&list);
	return ret;
}

int policy_owner_may_load(const char *name, const char *cil, struct err *err)
{
	struct modules m;
	int ret = find_modules(name, &m, err);

	if (!ret && (m.below || m.theirs)) {
		ret = err_set(err, -EEXIST, "this module would replace the policy's own module %s",
			      name);
		err_hint(err, "give it another name with --name");
	} else if (!ret && m.ours) {
		ret = module_text_may_replace(name, m.cil, cil, err);
	}
	free(m.cil);
	return ret;
}

int policy_owner_may_unload(const char *name, struct err *err)
{
	struct modules m;
	int ret = find_modules(name, &m, err);

	if (!ret && !m.ours) {
		ret = err_set(err, -ENOENT,
			      m.theirs ? "the module %s is not made by secmarkctl" :
					 "the policy has no module %s of secmarkctl",
			      name);
		err_hint(err, "semodule -lfull lists all modules");
	}
	free(m.cil);
	return ret;
}

/* The texts of the modules in the policy store that are ours. */
struct own_modules {
	const char *name; /* only the one with this name; NULL: all */
	int read;         /* 1: they are; -errno: they cannot be */
	char **v;
	size_t n;
};

/* Keeps the text of a module, if it is ours. */
static int keep_module(struct own_modules *modules, const struct store_line *line)
{
	char *name = alloc_text(line->name, line->len), *cil;
	struct err ignored;
	int ret = policy_store_read(name, STORE_SECONDS, &cil, &ignored);

	free(name);
	if (ret)
		return ret;
	if (!module_text_is_ours(cil)) {
		free(cil);
		return 0;
	}
	modules->v = alloc_one_more(modules->v, modules->n, sizeof(*modules->v));
	modules->v[modules->n++] = cil;
	return 0;
}

static int read_modules(struct own_modules *modules)
{
	struct run_result list = { .status = 0 };
	struct store_line line;
	struct err ignored;
	const char *text;
	int ret = store_list(&list, &ignored);

	for (text = list.out; !ret && text && *text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (!store_line_read(text, &line) ||
		    (modules->name && !store_line_names(&line, modules->name)))
			continue;
		if (line.priority == atoi(POLICY_STORE_PRIORITY))
			ret = keep_module(modules, &line);
		else if (modules->name && line.priority > atoi(POLICY_STORE_PRIORITY))
			/* it counts instead of ours, and may declare the same types */
			ret = -EEXIST;
	}
	run_free(&list);
	return ret;
}

/* Does one of them declare the type? The first call reads them. */
static int own_modules_declare(void *arg, const char *type)
{
	struct own_modules *modules = arg;
	size_t i;

	if (!modules->read)
		modules->read = read_modules(modules);
	if (!modules->read)
		modules->read = 1;
	if (modules->read < 0)
		return modules->read;
	for (i = 0; i < modules->n; i++)
		if (module_text_declares(modules->v[i], type))
			return 1;
	return 0;
}

static void own_modules_free(struct own_modules *modules)
{
	size_t i;

	for (i = 0; i < modules->n; i++)
		free(modules->v[i]);
	free(modules->v);
}

void policy_owner_refuse_taken(const struct plan *plan, struct oracle *oracle, const char *file,
			       const char *module, struct diag *diag)
{
	struct own_modules modules = { .name = module };
	const struct policy_taken_store store = { own_modules_declare, &modules, module };

	policy_taken_refuse(plan, oracle_file_tables(oracle), module || !file ? &store : NULL,
			    diag);
	own_modules_free(&modules);
}
