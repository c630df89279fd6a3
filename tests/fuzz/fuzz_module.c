// SPDX-License-Identifier: GPL-2.0-only
/* A libFuzzer target: any text can be read as the module of a policy store, and as the file
 * contexts of a policy, without harm. The line that names a path is found in any file contexts, and
 * the line of an application is not. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "plan/application.h"
#include "policy/file_contexts.h"
#include "policy/module.h"
#include "policy/module_rules.h"
#include "policy/module_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_module_path(void *arg, char *path)
{
	(void)arg;
	if (*path != '/' || strpbrk(path, "\"\n\\"))
		abort();
	free(path);
}

/* A path that a plan may have. */
static void fuzz_module_contexts(const char *contexts, const char *path)
{
	static const char *const labels[] = { "system_u:object_r:bin_t:s0",
					      "system_u:object_r:a" PLAN_APPLICATION_ENTRY ":s0" };
	bool before = file_contexts_name(contexts, path);
	size_t len = strlen(contexts) + 2 * strlen(path) + 100, i, at;
	char *more = malloc(len);
	const char *c;

	for (i = 0; more && i < 2; i++) {
		at = snprintf(more, len, "%s\n", contexts);
		for (c = path; *c; c++)
			at += snprintf(more + at, len - at, "%s%c", strchr(".+", *c) ? "\\" : "",
				       *c);
		snprintf(more + at, len - at, "\t--\t%s\n", labels[i]);
		if (file_contexts_name(more, path) != (i == 0 || before))
			abort();
	}
	free(more);
}

static void fuzz_module_may_replace(const char *before, const char *cil)
{
	struct err err = { "", "" };
	char *other;

	/* of another plan, so that the types are compared */
	if (asprintf(&other, POLICY_MODULE_MADE_CIL "another.\n%s", before) < 0)
		abort();
	if (module_text_may_replace("name", before, cil, &err) && !*err.what)
		abort();
	if (module_text_may_replace("name", other, cil, &err) && !*err.what)
		abort();
	free(other);
}

/* Each rule is found again. */
static void fuzz_module_rules(const char *first, const char *second)
{
	struct module_rules rules = { 0 };
	const struct module_packet_rule *r, *found;
	size_t n, i;

	module_rules_read(&rules, "first", first);
	module_rules_read(&rules, "second", second);
	module_rules_sort(&rules);
	for (i = 0; i < rules.n; i++) {
		r = &rules.v[i];
		found = module_rules_find(&rules, r->source, r->target, r->booleans, &n);
		if (n < 1 || n > 2 || r < found || r >= found + n)
			abort();
	}
	module_rules_free(&rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 3), *second, *path;

	if (!text)
		return 0;
	memcpy(text, data, size);
	memset(text + size, '\0', 3);
	second = text + strlen(text) + 1;
	path = second < text + size ? second + strlen(second) + 1 : second;
	module_text_is_ours(text);
	fuzz_module_rules(text, second);
	module_text_paths(text, fuzz_module_path, NULL);
	fuzz_module_may_replace(text, second);
	fuzz_module_contexts(text, *path == '/' && !strpbrk(path, " \t\n\\^$?*|[](){}") ?
					   path :
					   "/usr/bin/g++");
	free(text);
	return 0;
}
