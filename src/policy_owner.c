// SPDX-License-Identifier: GPL-2.0-only
#include "policy_owner.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "policy/module.h"
#include "policy_store.h"
#include "util/run.h"

/* A store with 450 modules takes semodule 0.2 s to list. */
#define STORE_SECONDS 60

/* The modules with one name. */
struct modules {
	int below;         /* the highest priority below ours; 0: there is none */
	bool ours, theirs; /* one with our priority: is it ours? */
	char *cil;         /* its text */
};

static int list_modules(struct run_result *list, struct err *err)
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

/* Reads "100 ssh pp" or "100 ssh pp disabled". */
static int look_at_module(const char *line, const char *name, struct modules *m, struct err *err)
{
	int priority, at = 0, ours = atoi(POLICY_STORE_PRIORITY), ret;
	size_t len = strlen(name);

	if (sscanf(line, "%d %n", &priority, &at) != 1 || !at || strncmp(line + at, name, len) ||
	    !strchr(" \n", line[at + len]))
		return 0;
	if (priority < ours && priority > m->below)
		m->below = priority;
	if (priority != ours)
		return 0;
	ret = policy_store_read(name, STORE_SECONDS, &m->cil, err);
	m->ours = !ret && !strncmp(m->cil, POLICY_MODULE_MADE_CIL, strlen(POLICY_MODULE_MADE_CIL));
	m->theirs = !m->ours;
	return ret;
}

static int find_modules(const char *name, struct modules *m, struct err *err)
{
	struct run_result list = { .status = 0 };
	const char *line;
	int ret = list_modules(&list, err);

	*m = (struct modules){ 0 };
	for (line = list.out; !ret && line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		ret = look_at_module(line, name, m, err);
	}
	run_free(&list);
	return ret;
}

/* Finds the next line that begins so. Returns what follows, and its length up to the end. */
static const char *find_line(const char *text, const char *begin, char end, int *len)
{
	size_t n = strlen(begin);
	const char *stop;

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, begin, n))
			continue;
		stop = text + n + strcspn(text + n, "\n");
		while (stop > text + n && stop[-1] != end)
			stop--;
		*len = stop - text - n - (stop > text + n);
		return text + n;
	}
	return NULL;
}

/* Is one path the other, or its end? Both were written down in some folder. */
static bool is_same_path(const char *a, int a_len, const char *b, int b_len)
{
	if (a_len > b_len)
		return is_same_path(b, b_len, a, a_len);
	return !strncmp(a, b + b_len - a_len, a_len) &&
	       (a_len == b_len || b[b_len - a_len - 1] == '/');
}

/* Refuses to replace the module of another plan, if types would be lost. */
static int compare_plans(const char *name, const char *before, const char *cil, struct err *err)
{
	int old_len, new_len, len;
	const char *old_path = find_line(before, POLICY_MODULE_MADE_CIL, '.', &old_len);
	const char *new_path = find_line(cil, POLICY_MODULE_MADE_CIL, '.', &new_len);
	const char *type = before;
	char line[300];

	if (!old_path || !new_path || is_same_path(old_path, old_len, new_path, new_len))
		return 0;
	while ((type = find_line(type, "(type ", ')', &len)) != NULL) {
		snprintf(line, sizeof(line), "\n(type %.*s)\n", len, type);
		if (strstr(cil, line))
			continue;
		err_set(err, -EEXIST,
			"the module %s of another plan, %.*s, has the type %.*s, which would be "
			"lost",
			name, old_len, old_path, len, type);
		err_hint(err,
			 "--name gives this module another name, --unload removes the other one");
		return -EEXIST;
	}
	return 0;
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
		ret = compare_plans(name, m.cil, cil, err);
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
