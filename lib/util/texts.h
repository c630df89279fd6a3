/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_TEXTS_H
#define SECMARK2_UTIL_TEXTS_H

#include <stddef.h>

/* Texts, each of them once: who has thousands of elements with few different texts points to them.
 * Starts as zeros. */
struct texts {
	char **v; /* sorted */
	size_t n;
};

/* Returns the text that is equal to this one, and copies it before if there is none yet. It is
 * valid until texts_free(). NULL for NULL. */
const char *texts_keep(struct texts *t, const char *text);

/* Frees what is in it, and leaves it empty. */
void texts_free(struct texts *t);

#endif
