/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_PREPARE_H
#define SECMARK2_LOAD_PREPARE_H

#include <stdio.h>

#include "backend/backend.h"
#include "compile/dispatch.h"
#include "plan/plan.h"
#include "util/diag.h"

struct err;
struct machine;
struct oracle;

/* A plan on its way to the kernel. Starts as zeros; end it with rules_free(). */
struct rules {
	struct plan plan;
	struct diag diag;
	struct dispatch dispatch;
	struct built *built; /* NULL until rules_build() */
};

/**
 * rules_read - read a plan, have the policy judge it, and order it by ports
 * @r:      where to
 * @path:   the plan; "-" is standard input
 * @oracle: judges contexts
 * @err:    filled on failure, except where r->diag says what is wrong: then it is empty
 *
 * Returns 0 or -errno. r->diag has the errors and the warnings, in the order of the lines.
 */
int rules_read(struct rules *r, const char *path, struct oracle *oracle, struct err *err);

/* The same for a text of plan_print(), which was a plan of that name. */
int rules_read_text(struct rules *r, const char *name, const char *text, struct oracle *oracle,
		    struct err *err);

/**
 * rules_build - make the rules that a backend loads
 * @r:   a plan that was read; it has no rules yet
 * @ops: the backend
 * @m:   is asked what the backend has to know; it has to live longer than the rules
 * @err: filled on failure
 *
 * Asks the kernel, and changes nothing. Returns 0 or -errno; r->diag gets what is wrong with lines
 * of the plan.
 */
int rules_build(struct rules *r, const struct backend_ops *ops, struct machine *m, struct err *err);

/* Prints what would be loaded. */
void rules_print(const struct rules *r, FILE *out);

void rules_free(struct rules *r);

#endif
