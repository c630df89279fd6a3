// SPDX-License-Identifier: GPL-2.0-only
#include "plan/application.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "plan/statement.h"
#include "plan/value.h"
#include "util/alloc.h"

/* NAME_net_exec_t is a type, and a part of a file name. */
#define NAME_MAX_LEN 64

/* What a path may have: nothing that needs more than a backslash in a list of file contexts, in CIL
 * and in m4. */
#define PATH_SIGNS "_/.-+@:=%~"
#define PATH_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" PATH_SIGNS

/* "curl" + "_net_t" */
static char *application_type(const char *name, const char *end)
{
	size_t len = strlen(name);
	char *type = alloc_zeroed(1, len + strlen(end) + 1);

	memcpy(type, name, len);
	strcpy(type + len, end);
	return type;
}

/* refpolicy's types end so. "allow httpd_t" has to mean the domain. */
static bool ends_as_type(const char *name)
{
	size_t len = strlen(name);

	return len > 2 && !strcmp(name + len - 2, "_t");
}

static int parse_application_name(struct words *w, struct plan_application *a)
{
	const struct word *word = words_take(w, "the name", NULL);

	if (!word)
		return -EINVAL;
	if (plan_is_keyword(word->text))
		return words_fault(w, word, NULL, "a keyword cannot be an application");
	if (!plan_is_identifier(word->text))
		return words_fault(w, word, "letters, digits and _, and a letter first",
				   "this cannot be the name of an application");
	if (ends_as_type(word->text))
		return words_fault(w, word, "a name without _t, such as web",
				   "the name of an application cannot end as that of a domain");
	if (strlen(word->text) > NAME_MAX_LEN)
		return words_fault(w, word, "at most 64 letters", "the name is too long");
	a->pos = words_pos(w, word);
	a->name = alloc_copy(word->text);
	a->domain = application_type(word->text, "_net_t");
	a->entry = application_type(word->text, PLAN_APPLICATION_ENTRY);
	return 0;
}

/* Is it the only way to write this path? */
static bool is_shortest(const char *path)
{
	size_t len = strlen(path);

	return !strstr(path, "//") && !strstr(path, "/./") && !strstr(path, "/../") &&
	       path[len - 1] != '/' && (len < 2 || strcmp(path + len - 2, "/.")) &&
	       (len < 3 || strcmp(path + len - 3, "/.."));
}

static int parse_application_path(struct words *w, const struct word *word,
				  struct plan_application *a)
{
	if (word->text[0] != '/')
		return words_fault(w, word, "such as /usr/bin/curl", "the path is not absolute");
	if (word->text[strspn(word->text, PATH_CHARS)])
		return words_fault(w, word, "letters, digits and " PATH_SIGNS,
				   "the path has a character that cannot be here");
	if (!is_shortest(word->text))
		return words_fault(w, word, "without // . .. and a / at the end",
				   "not the shortest form of the path");
	a->paths = alloc_one_more(a->paths, a->n_paths, sizeof(*a->paths));
	a->paths[a->n_paths++] = (struct plan_application_path){ words_pos(w, word),
								 alloc_copy(word->text) };
	return 0;
}

static int parse_application_paths(struct words *w, struct plan_application *a)
{
	const struct word *word = words_take(w, "the path", "such as /usr/bin/curl");

	if (!word)
		return -EINVAL;
	if (!strcmp(word->text, "from"))
		return words_fault(w, word, "such as /usr/bin/curl", "the path is missing");
	while (word) {
		if (parse_application_path(w, word, a))
			return -EINVAL;
		word = words_peek(w);
		if (!word || !strcmp(word->text, "from"))
			return 0;
		w->at++;
	}
	return 0;
}

static int parse_application_words(struct words *w, struct plan_application *a)
{
	size_t i;

	if (parse_application_name(w, a) || parse_application_paths(w, a))
		return -EINVAL;
	if (!words_peek(w))
		return 0;
	w->at++;
	if (plan_value_domains(w, &a->from) || words_end(w))
		return -EINVAL;
	for (i = 0; i < a->from.n; i++)
		if (a->from.v[i].name[0] == '@')
			return words_fault(w, &w->v[w->at - a->from.n + i], NULL,
					   "an attribute cannot start an application");
	return 0;
}

int plan_application_parse(struct plan_reader *r)
{
	struct plan_application a = { .text = words_join(&r->words) };
	struct plan *plan = r->plan;

	int ret = parse_application_words(&r->words, &a);

	if (!ret && plan->n_applications == PLAN_APPLICATIONS_MAX)
		ret = words_fault(&r->words, &r->words.v[0], NULL,
				  "the plan has more than %d applications", PLAN_APPLICATIONS_MAX);
	if (ret) {
		plan_application_free(&a);
		return ret;
	}
	plan->applications = alloc_one_more(plan->applications, plan->n_applications,
					    sizeof(*plan->applications));
	plan->applications[plan->n_applications++] = a;
	return 0;
}

const struct plan_application *plan_application_of(const struct plan *plan, const char *domain)
{
	size_t i;

	for (i = 0; i < plan->n_applications; i++)
		if (!strcmp(plan->applications[i].domain, domain))
			return &plan->applications[i];
	return NULL;
}

/* Puts the domain of an application in the place of its name. */
static void settle_domains(const struct plan *plan, struct plan_domains *domains)
{
	struct plan_domain *d;
	size_t i, k;

	for (k = 0; k < domains->n; k++) {
		d = &domains->v[k];
		for (i = 0; i < plan->n_applications; i++) {
			if (strcmp(plan->applications[i].name, d->name))
				continue;
			free(d->name);
			d->name = alloc_copy(plan->applications[i].domain);
			break;
		}
	}
}

static void refuse_again(struct diag *diag, struct pos pos, const char *text, struct pos first,
			 const char *what)
{
	char hint[256];

	snprintf(hint, sizeof(hint), "the first is at %s:%u", first.file, first.line);
	diag_add(diag, DIAG_ERROR, pos, text, hint, "%s", what);
}

static void refuse_names_twice(const struct plan *plan, struct diag *diag)
{
	const struct plan_application *a, *first;
	size_t i;

	for (a = plan->applications; a < plan->applications + plan->n_applications; a++) {
		first = plan_application_of(plan, a->domain);
		if (first != a)
			refuse_again(diag, a->pos, a->name, first->pos,
				     "the application is defined twice");
		for (i = 0; i < plan->n_types; i++)
			if (!strcmp(plan->types[i].text, a->domain) ||
			    !strcmp(plan->types[i].text, a->entry))
				refuse_again(diag, plan->types[i].pos, plan->types[i].text, a->pos,
					     "an application defines this type");
	}
}

static int paths_by_text(const void *va, const void *vb)
{
	const struct plan_application_path *a = *(const struct plan_application_path *const *)va;
	const struct plan_application_path *b = *(const struct plan_application_path *const *)vb;
	int order = strcmp(a->text, b->text);

	if (!order)
		order = strcmp(a->pos.file, b->pos.file);
	if (!order)
		order = (a->pos.line > b->pos.line) - (a->pos.line < b->pos.line);
	return order ? order : (a->pos.col > b->pos.col) - (a->pos.col < b->pos.col);
}

static void refuse_paths_twice(const struct plan *plan, struct diag *diag)
{
	const struct plan_application_path **v, *first;
	size_t n = 0, i, k;

	for (i = 0; i < plan->n_applications; i++)
		n += plan->applications[i].n_paths;
	v = alloc_zeroed(n + 1, sizeof(*v));
	for (i = 0, n = 0; i < plan->n_applications; i++)
		for (k = 0; k < plan->applications[i].n_paths; k++)
			v[n++] = &plan->applications[i].paths[k];
	qsort(v, n, sizeof(*v), paths_by_text);
	for (i = 1, first = v[0]; i < n; i++) {
		if (strcmp(first->text, v[i]->text))
			first = v[i];
		else
			refuse_again(diag, v[i]->pos, v[i]->text, first->pos,
				     "an application has this path already");
	}
	free(v);
}

/* Can a domain start the application that is none itself, or one that can be started? */
static bool can_start(const struct plan *plan, const struct plan_application *a,
		      const bool *startable)
{
	const struct plan_application *other;
	size_t i;

	for (i = 0; i < a->from.n; i++) {
		other = plan_application_of(plan, a->from.v[i].name);
		if (!other || startable[other - plan->applications])
			return true;
	}
	return !a->from.n;
}

static void warn_of_never_started(const struct plan *plan, struct diag *diag)
{
	bool *startable = alloc_zeroed(plan->n_applications, sizeof(*startable)), more = true;
	const struct plan_application *a;
	size_t i;

	while (more) {
		more = false;
		for (i = 0; i < plan->n_applications; i++) {
			if (startable[i] || !can_start(plan, &plan->applications[i], startable))
				continue;
			startable[i] = more = true;
		}
	}
	for (i = 0; i < plan->n_applications; i++) {
		a = &plan->applications[i];
		if (!startable[i])
			diag_add(diag, DIAG_WARNING, a->pos, a->name,
				 "add the domain that starts the first one, such as unconfined_t",
				 "nothing starts this application: \"from\" has only "
				 "applications that nothing starts");
	}
	free(startable);
}

void plan_applications_settle(struct plan *plan, struct diag *diag)
{
	size_t i;

	if (!plan->n_applications)
		return;
	refuse_names_twice(plan, diag);
	refuse_paths_twice(plan, diag);
	for (i = 0; i < plan->n_lines; i++) {
		settle_domains(plan, &plan->lines[i].only);
		settle_domains(plan, &plan->lines[i].allow);
	}
	for (i = 0; i < plan->n_applications; i++)
		settle_domains(plan, &plan->applications[i].from);
	warn_of_never_started(plan, diag);
}

void plan_application_print(const struct plan_application *a, FILE *out)
{
	size_t i;

	fprintf(out, "application %s", a->name);
	for (i = 0; i < a->n_paths; i++)
		fprintf(out, " %s", a->paths[i].text);
	for (i = 0; i < a->from.n; i++)
		fprintf(out, "%s %s", i ? "" : " from", a->from.v[i].name);
	fputc('\n', out);
}

void plan_application_free(struct plan_application *a)
{
	size_t i;

	for (i = 0; i < a->n_paths; i++)
		free(a->paths[i].text);
	for (i = 0; i < a->from.n; i++)
		free(a->from.v[i].name);
	free(a->paths);
	free(a->from.v);
	free(a->text);
	free(a->name);
	free(a->domain);
	free(a->entry);
	*a = (struct plan_application){ 0 };
}
