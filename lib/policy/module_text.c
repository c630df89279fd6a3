// SPDX-License-Identifier: GPL-2.0-only
#include "policy/module_text.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "policy/module.h"
#include "util/alloc.h"

bool module_text_is_ours(const char *cil)
{
	return !strncmp(cil, POLICY_MODULE_MADE_CIL, strlen(POLICY_MODULE_MADE_CIL));
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

static bool declares(const char *cil, const char *type, int len)
{
	char line[300];

	snprintf(line, sizeof(line), "\n(type %.*s)\n", len, type);
	return strstr(cil, line);
}

bool module_text_declares(const char *cil, const char *type)
{
	return declares(cil, type, strlen(type));
}

/* Is one path the other, or its end? Both were written down in some folder. */
static bool is_same_path(const char *a, int a_len, const char *b, int b_len)
{
	if (a_len > b_len)
		return is_same_path(b, b_len, a, a_len);
	return !strncmp(a, b + b_len - a_len, a_len) &&
	       (a_len == b_len || b[b_len - a_len - 1] == '/');
}

int module_text_may_replace(const char *name, const char *before, const char *cil, struct err *err)
{
	int old_len, new_len, len;
	const char *old_path = find_line(before, POLICY_MODULE_MADE_CIL, '.', &old_len);
	const char *new_path = find_line(cil, POLICY_MODULE_MADE_CIL, '.', &new_len);
	const char *type = before;

	if (!old_path || !new_path || is_same_path(old_path, old_len, new_path, new_len))
		return 0;
	while ((type = find_line(type, "(type ", ')', &len)) != NULL) {
		if (declares(cil, type, len))
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

void module_text_types(const char *cil, void (*fn)(void *arg, const char *type), void *arg)
{
	const char *type = cil;
	char *name;
	int len;

	while ((type = find_line(type, "(type ", ')', &len)) != NULL) {
		name = alloc_text(type, len);
		fn(arg, name);
		free(name);
	}
}

/* (filecon "/usr/bin/g\+\+" file ... */
void module_text_paths(const char *cil, void (*fn)(void *arg, char *path), void *arg)
{
	static const char begin[] = "(filecon \"";
	const char *at, *end;
	char *path, *to;

	for (at = cil; (at = strstr(at, begin)); at = end) {
		at += strlen(begin);
		end = at + strcspn(at, "\"\n");
		path = to = alloc_zeroed(1, end - at + 1);
		for (; at < end; at++)
			if (*at != '\\')
				*to++ = *at;
		if (*path == '/')
			fn(arg, path);
		else
			free(path);
	}
}
