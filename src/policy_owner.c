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
	m->ours = !ret && module_text_is_ours(m->cil);
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
