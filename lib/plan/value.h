/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_VALUE_H
#define SECMARK2_PLAN_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/line.h"
#include "plan/words.h"

/*
 * The values of a plan. Each function reads the next words of a line, and
 * returns 0, or -EINVAL after it has recorded the error.
 */

/* The keywords other than protocols; ends with NULL. */
extern const char *const plan_keywords[];

/* Is it a keyword? A keyword cannot be the name of anything. */
bool plan_is_keyword(const char *text);

/* Has it only letters, digits and _, and a letter first? That is a name in each language of a
 * policy, and a part of other names. */
bool plan_is_identifier(const char *text);

/* Can it be the name of a type, a domain or a list? It may be a keyword. */
bool plan_is_name(const char *text);

/* Copies a text with small letters, cut to the size. */
void plan_to_lower(char *out, size_t size, const char *text);

/**
 * plan_suggest - write a hint for an unknown word
 * @out:  the buffer: "did you mean X?", or all known words if none is near
 * @size: its size
 * @text: the word
 * @names: the known words, with NULL at the end
 */
void plan_suggest(char *out, size_t size, const char *text, const char *const *names);

/* A type, or (if whole) a whole context. */
int plan_value_label(struct words *w, bool whole, struct plan_label *label);
/* The level of a label, which must have been read before. */
int plan_value_level(struct words *w, struct plan_label *label);
/* One interface. negated is NULL if "!" is not possible. */
int plan_value_iface(struct words *w, char name[IFNAMSIZ], bool *negated);
/* One or more domains, up to a keyword. */
int plan_value_domains(struct words *w, struct plan_domains *domains);

#endif
