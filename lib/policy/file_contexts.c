// SPDX-License-Identifier: GPL-2.0-only
#include "policy/file_contexts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "util/alloc.h"
#include "util/diag.h"

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

void file_labels_free(struct file_labels *labels)
{
	free(labels->contexts);
	free(labels->dist);
	free(labels->local);
	*labels = (struct file_labels){ .contexts = NULL };
}

/* "FOLDER OTHER", one on each line. Puts the other folder in the place of the longest one that the
 * path is in. The caller frees the path. */
static char *replace_folder(const char *text, const char *path)
{
	const char *line, *other, *best = NULL;
	size_t len, other_len, replaced = 0, best_len = 0;
	char *result;

	for (line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, " \t\n");
		len = field_length(line);
		other = line + len + strspn(line + len, " \t");
		other_len = field_length(other);
		if (!other_len || *line == '#' || len < replaced || strncmp(line, path, len) ||
		    path[len] != '/')
			continue;
		replaced = len;
		best = other;
		best_len = other_len;
	}
	if (!best)
		return alloc_copy(path);
	/* of "/ROOT /" the rest begins with the slash */
	if (best_len == 1)
		best_len = 0;
	result = alloc_zeroed(1, best_len + strlen(path + replaced) + 1);
	memcpy(result, best, best_len);
	strcpy(result + best_len, path + replaced);
	return result;
}

char *file_labels_path(const struct file_labels *labels, const char *path)
{
	char *local = replace_folder(labels->local, path);
	char *result = replace_folder(labels->dist, local);

	free(local);
	return result;
}

char *policy_application_path(const struct file_labels *labels, const struct plan_application *a,
			      const char *path)
{
	size_t len = strlen(path);
	char *other;

	if (!file_contexts_name(labels->contexts, path))
		return alloc_copy(path);
	other = alloc_zeroed(1, len + 1 + strlen(a->domain) + 1);
	memcpy(other, path, len);
	other[len] = '.';
	strcpy(other + len + 1, a->domain);
	return other;
}

void policy_application_refuse_folders(const struct file_labels *labels, const struct plan *plan,
				       struct diag *diag)
{
	const struct plan_application *a;
	const char *path;
	char *looked;
	size_t i;

	for (a = plan->applications; a < plan->applications + plan->n_applications; a++) {
		for (i = 0; i < a->n_paths; i++) {
			path = a->paths[i].text;
			looked = file_labels_path(labels, path);
			if (strcmp(looked, path))
				diag_add(diag, DIAG_ERROR, a->paths[i].pos, path,
					 "if that is the same file, write this path; if not, move "
					 "the program to a folder such as /opt",
					 "the policy gives this file the label of %s", looked);
			free(looked);
		}
	}
}
