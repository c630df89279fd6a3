// SPDX-License-Identifier: GPL-2.0-only
#include "policy/file_contexts.h"

#include <stddef.h>
#include <string.h>

#include "plan/application.h"
#include "util/alloc.h"

/* How long is the field that begins here? */
static size_t field_length(const char *at)
{
	return strcspn(at, " \t\n");
}

/* Does a regular expression match only this path? It has no character with a special meaning. */
static bool is_only(const char *regex, size_t len, const char *path)
{
	const char *end = regex + len;

	for (; regex < end && *path; regex++, path++) {
		if (*regex == '\\')
			regex++;
		else if (strchr(".^$?*+|[](){}", *regex))
			return false;
		if (*regex != *path)
			return false;
	}
	return regex == end && !*path;
}

/* Is the type of a context, USER:ROLE:TYPE[:LEVEL], that of an application? */
static bool is_of_application(const char *context, size_t len)
{
	const char *end = context + len, *type = context, *stop;
	size_t fields, n = strlen(PLAN_APPLICATION_ENTRY);

	for (fields = 0; fields < 2; fields++) {
		type = memchr(type, ':', end - type);
		if (!type)
			return false;
		type++;
	}
	stop = memchr(type, ':', end - type);
	if (!stop)
		stop = end;
	return (size_t)(stop - type) > n && !strncmp(stop - n, PLAN_APPLICATION_ENTRY, n);
}

/* REGEX [KIND] CONTEXT, where KIND is -- for a regular file. */
static bool line_names(const char *line, const char *path)
{
	size_t len;

	line += strspn(line, " \t");
	len = field_length(line);
	if (!is_only(line, len, path))
		return false;
	line += len;
	line += strspn(line, " \t");
	len = field_length(line);
	if (*line == '-') {
		if (len != 2 || line[1] != '-')
			return false;
		line += len;
		line += strspn(line, " \t");
		len = field_length(line);
	}
	return !is_of_application(line, len);
}

bool file_contexts_name(const char *text, const char *path)
{
	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (line_names(text, path))
			return true;
	}
	return false;
}

char *policy_application_path(const char *file_contexts, const struct plan_application *a,
			      const char *path)
{
	size_t len = strlen(path);
	char *other;

	if (!file_contexts_name(file_contexts, path))
		return alloc_copy(path);
	other = alloc_zeroed(1, len + 1 + strlen(a->domain) + 1);
	memcpy(other, path, len);
	other[len] = '.';
	strcpy(other + len + 1, a->domain);
	return other;
}
