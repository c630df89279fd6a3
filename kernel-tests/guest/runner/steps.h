/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_STEPS_H
#define GUEST_STEPS_H

#include <stdbool.h>

struct step;
struct step_kind;
struct steps;
struct test;

/* All kinds of steps; the last one is followed by NULL. */
extern const struct step_kind *const step_kinds[];

/* NULL: no such kind. */
const struct step_kind *step_kind_find(const char *name);

/*
 * Does the steps until one fails: itself, or by the records and the lines of the kernel's log that
 * came of it.
 */
void steps_run(struct test *t, const struct steps *steps);

/*
 * While a step runs: has each record that it expects come; and have more come than it expects? If
 * one is expected once or more, there are never more.
 */
bool steps_all_came(struct test *t, const struct step *step);
bool steps_more_came(const struct test *t, const struct step *step);

/* Ends what steps of a test have begun and not ended. */
void steps_finish(struct test *t);

/* Undoes what steps have configured, in this test or in earlier ones. */
void steps_undo(struct test *t);

#endif
