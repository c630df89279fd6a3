/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PRINT_ACCESS_H
#define SECMARK2_PRINT_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "advise/access.h"
#include "advise/access_policy.h"

struct module_rules;

/* What was found out about one label. */
struct access_answer {
	const char *label; /* a type, or the context that was asked about */
	const char *file;  /* of the plan's first line with it, or NULL */
	unsigned int line;
	bool known; /* false: a plan defines the type, and the policy does not have it */
	struct access_grants grants;
};

/* What was found out. */
struct access_answers {
	struct access_answer *v;
	size_t n;
	const char *policy;
	unsigned int missing;               /* permissions that the policy does not have */
	enum access_unknown unknown;        /* what it does about them */
	const char *domain;                 /* all answers are about this one, or NULL */
	const struct module_rules *modules; /* those of the policy store, or NULL */
};

/* Prints them for people. */
void print_access_text(const struct access_answers *all);

/* Prints them as one JSON object; secmarkctl(8) describes it. */
void print_access_json(const struct access_answers *all);

/* Prints them as a graph of dot(1). */
void print_access_dot(const struct access_answers *all);

#endif
