/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_STATEMENT_H
#define SECMARK2_PLAN_STATEMENT_H

#include "packet/service.h"
#include "plan/plan.h"
#include "plan/words.h"

/* Somebody who reads a plan. */
struct plan_reader {
	struct plan *plan;
	struct words words;
	struct services services;
	/* where they were given: once is the most */
	struct pos table, unlabeled, loopback, defaults[SIDES];
	/* Reads what a statement includes. Returns 0, or -EINVAL: then it has recorded the
	 * error; what is wrong within the file does not count. */
	int (*include)(struct plan_reader *r, const struct word *file);
	void *arg; /* include's */
};

/**
 * plan_statement - read the statement of a line
 * @r: the reader; its words are at their beginning, and at least one
 *
 * Adds it to the plan. Returns 0, or -EINVAL where it has an error, which is
 * recorded.
 */
int plan_statement(struct plan_reader *r);

#endif
