/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FACTS_H
#define SECMARK2_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Something found out, for people and for scripts alike. */
struct fact {
	const char *section, *name;
	json_t *value; /* text, number, truth, or a list of texts; NULL: not known */
	char *why;     /* it is not known */
};

/* In the order in which they are shown, those of a section together. Starts as zeros. */
struct facts {
	struct fact *v;
	size_t n;
};

/* Adds a fact; takes the value. Section and name are not copied. */
void facts_add(struct facts *facts, const char *section, const char *name, json_t *value);

/* Adds that something is not known, and why; the reason is copied. */
void facts_add_unknown(struct facts *facts, const char *section, const char *name, const char *why);

/* Prints them as a list by section, or as a JSON object of objects, in which null is what is not
 * known. */
void facts_print(const struct facts *facts, bool json);

/* Frees what is in it; it is empty then. */
void facts_free(struct facts *facts);

#endif
