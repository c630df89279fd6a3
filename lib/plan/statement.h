/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_STATEMENT_H
#define SECMARK2_PLAN_STATEMENT_H

#include "packet/service.h"
#include "plan/plan.h"
#include "plan/words.h"

/* The state of reading a plan. */
struct plan_reader {
	struct plan *plan;
	struct words words;
	struct services services;
	/* the places of statements that may be given once */
	struct pos table, unlabeled, loopback, defaults[SIDES];
	/* Reads an included file. Returns 0, or -EINVAL after it has recorded that the file cannot
	 * be read. Errors inside the file do not count. */
	int (*include)(struct plan_reader *r, const struct word *file);
	void *arg; /* for include */
};

/**
 * plan_statement - read the statement of a line
 * @r: the reader, with at least one word, and none of them read yet
 *
 * Adds the statement to the plan. Returns 0, or -EINVAL after it has recorded an
 * error.
 */
int plan_statement(struct plan_reader *r);

#endif
