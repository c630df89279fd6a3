// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysctl NS NAME = VALUE
 *
 * Gives a parameter of the kernel a value. It has its old one again when the rules of the case go.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/topology.h"
#include "runner/test.h"
#include "runner/undo.h"
#include "steps/kinds.h"

/* The file of a parameter; the caller frees it. No name of an interface of ours has a dot. */
static char *sysctl_path(const char *name)
{
	char *path = must_printf("/proc/sys/%s", name);

	for (char *c = path; *c; c++)
		*c = *c == '.' ? '/' : *c;
	return path;
}

/* Returns 0 or -errno. The kernel puts tabs between the numbers of a value that has several. */
static int sysctl_change(const char *path, const char *value, char *old, size_t size)
{
	int n = file_read(path, old, size);

	return n < 0 ? n : file_puts(path, value);
}

static void sysctl_set(struct test *t, const struct step *step, const struct netns *ns,
		       const char *name, const char *value)
{
	char *path = sysctl_path(name), old[256];
	int err = netns_enter(ns);

	if (!err)
		err = sysctl_change(path, value, old, sizeof(old));
	netns_leave();
	if (err)
		test_fail(t, step, "%s: %s", path, strerror(-err));
	else
		undo_note(t, must_printf("%s:kernel_t echo '%s' > %s", ns->name, old, path));
	free(path);
}

static void sysctl_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text), *rest = text;
	char *ns_name = text ? strsep(&rest, " ") : NULL, *name = rest ? strsep(&rest, " ") : NULL;
	struct netns *ns = name ? topology_ns(t->topo, ns_name, strlen(ns_name)) : NULL;

	if (text && ns && rest && !strncmp(rest, "= ", 2))
		sysctl_set(t, step, ns, name, rest + 2);
	else if (text)
		test_fail(t, step, "expected sysctl NS NAME = VALUE, NS one of topology %s",
			  t->topo->name);
	free(text);
}

const struct step_kind step_sysctl = {
	.name = "sysctl",
	.run = sysctl_run,
	.changes = true,
};
