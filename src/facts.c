// SPDX-License-Identifier: GPL-2.0-only
#include "facts.h"

#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "util/alloc.h"

void facts_add(struct facts *facts, const char *section, const char *name, json_t *value)
{
	facts->v = alloc_one_more(facts->v, facts->n, sizeof(*facts->v));
	facts->v[facts->n++] = (struct fact){ .section = section, .name = name, .value = value };
}

void facts_add_unknown(struct facts *facts, const char *section, const char *name, const char *why)
{
	facts_add(facts, section, name, NULL);
	facts->v[facts->n - 1].why = alloc_text(why, strlen(why));
}

const struct fact *facts_find(const struct facts *facts, const char *section, const char *name)
{
	const struct fact *f;

	for (f = facts->v; f < facts->v + facts->n; f++)
		if (!strcmp(f->section, section) && !strcmp(f->name, name))
			return f;
	return NULL;
}

void facts_print_json(const struct facts *facts)
{
	json_t *all = json_object(), *section = NULL;
	const struct fact *f;

	for (f = facts->v; f < facts->v + facts->n; f++) {
		if (f == facts->v || strcmp(f[-1].section, f->section)) {
			section = json_object();
			json_object_set_new(all, f->section, section);
		}
		if (f->value)
			json_object_set(section, f->name, f->value);
		else
			json_object_set_new(section, f->name, json_null());
	}
	print_json(all);
}

void facts_free(struct facts *facts)
{
	size_t i;

	for (i = 0; i < facts->n; i++) {
		json_decref(facts->v[i].value);
		free(facts->v[i].why);
	}
	free(facts->v);
	*facts = (struct facts){ 0 };
}
