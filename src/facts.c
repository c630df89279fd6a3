// SPDX-License-Identifier: GPL-2.0-only
#include "facts.h"

#include <stdio.h>
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

static void print_value(const json_t *value)
{
	size_t i;

	if (json_is_string(value))
		printf("%s", json_string_value(value));
	else if (json_is_integer(value))
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_boolean(value))
		printf("%s", json_is_true(value) ? "yes" : "no");
	else if (!json_array_size(value))
		printf("none");
	for (i = 0; i < json_array_size(value); i++)
		printf("%s%s", i ? " " : "", json_string_value(json_array_get(value, i)));
}

static void print_text(const struct facts *facts)
{
	const struct fact *f;

	for (f = facts->v; f < facts->v + facts->n; f++) {
		if (f == facts->v || strcmp(f[-1].section, f->section))
			printf("%s\n", f->section);
		printf("  %-24s", f->name);
		if (f->value)
			print_value(f->value);
		else
			printf("unknown: %s", f->why);
		putchar('\n');
	}
}

static void print_object(const struct facts *facts)
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

void facts_print(const struct facts *facts, bool json)
{
	if (json)
		print_object(facts);
	else
		print_text(facts);
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
