/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FACTS_H
#define SECMARK2_FACTS_H

#include <jansson.h>
#include <stddef.h>

/* Something that was found out. The names are the keys of the JSON output. */
struct fact {
	const char *section, *name;
	json_t *value; /* text, number, boolean, or a list of texts; NULL if unknown */
	char *why;     /* the reason, if it is unknown */
};

/* In the order of the output; the facts of a section are neighbors. Starts as zeros. */
struct facts {
	struct fact *v;
	size_t n;
};

/* Adds a fact; takes the value. Section and name are not copied. */
void facts_add(struct facts *facts, const char *section, const char *name, json_t *value);

/* Adds a fact that is unknown; the reason is copied. */
void facts_add_unknown(struct facts *facts, const char *section, const char *name, const char *why);

/* Returns a fact, or NULL if there is none of that name. */
const struct fact *facts_find(const struct facts *facts, const char *section, const char *name);

/* Prints them as a JSON object of objects, one for each section. Unknown facts are null. */
void facts_print_json(const struct facts *facts);

/* Frees them; the list is empty then. */
void facts_free(struct facts *facts);

#endif
