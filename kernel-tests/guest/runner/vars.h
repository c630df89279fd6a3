/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_VARS_H
#define GUEST_VARS_H

#include "runner/util.h"

/* Variables of one test: "NAME=value" strings. */
struct vars {
	struct strs list;
};

/* Sets or replaces. */
void vars_set(struct vars *v, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* NULL if it has no value. */
const char *vars_get(const struct vars *v, const char *name, size_t name_len);

/*
 * Replaces $NAME (capitals) with its value and, at the start of a word, @TYPE[:LEVEL] with the
 * context of that type. Returns text the caller frees, or NULL for an unknown variable, whose name
 * is then in *unknown (freed by the caller).
 */
char *vars_expand(const struct vars *v, const char *text, char **unknown);

/*
 * "TYPE[:LEVEL]" as a full context of the test policy, with the role that the policy has for the
 * type; a text that is one already is copied. The caller frees it.
 */
char *context_of(const char *type);

#endif
