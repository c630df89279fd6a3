/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_JUDGED_H
#define SECMARK2_SELINUX_JUDGED_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* At most this many contexts are kept; each takes 1 KiB at most, and mostly far less. */
#define JUDGED_MAX 16384

/* Judgements that were made, by context. Starts as zeros; end it with judged_free(). */
struct judged {
	void *tree;
	size_t n;
	struct judgement *last; /* found last; NULL: none */
};

/* A context, and what a policy says of it. */
struct judgement {
	int verdict;  /* 0, or a negative errno */
	bool told;    /* the caller's: judged_add() sets it to false */
	char *what;   /* of struct err; both are empty where there is nothing to say */
	char *hint;   /* of struct err */
	char *text;   /* the context */
	char store[]; /* where the three texts are */
};

/* Finds what was kept for a context; NULL if there is nothing. */
struct judgement *judged_find(struct judged *j, const char *text);

/**
 * judged_add - keep a judgement
 * @j:       where to
 * @text:    the context, which is not in @j yet
 * @verdict: 0, or a negative errno
 * @err:     what there is to say
 *
 * Nothing is kept if JUDGED_MAX are in @j, or if there is no memory: the caller then judges again
 * the next time.
 */
void judged_add(struct judged *j, const char *text, int verdict, const struct err *err);

/* Frees all that is kept. */
void judged_free(struct judged *j);

#endif
