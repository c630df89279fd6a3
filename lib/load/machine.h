/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_MACHINE_H
#define SECMARK2_LOAD_MACHINE_H

#include "backend/backend.h"
#include "backend/machine.h"

struct oracle;
struct plan;

/*
 * Asks the host, and keeps the answers in struct machine. A question that failed is asked again.
 * Functions that return int return 0 or -errno, and fill err on failure.
 *
 * Hold the record's lock from the first question about rules to the change: then no other
 * secmarkctl changes rules of ours in between. Others may change theirs, so what was read is used
 * for a change only where the kernel can say that it is still so.
 */

/* @oracle has to live longer than m. End m with
 * machine_free(). */
void machine_init(struct machine *m, struct oracle *oracle);

/* Asks what a backend has to know before it can build rules for a plan. Does not fail where only a
 * right is missing: the rules can still be printed. */
int machine_ask(struct machine *m, const struct backend_ops *ops, const struct plan *plan,
		struct err *err);

/* May whoever loads the rules of the backend that machine_ask() was called for give packets this
 * context? 1, 0, or -errno: nobody knows. */
int machine_may_label(const struct machine *m, const char *context);

/* What is loaded in a backend's place. @seen belongs to m. */
int machine_look(struct machine *m, const struct backend_ops *ops, const struct seen **seen,
		 struct err *err);

/* Compares rules with what is loaded. */
int machine_compare(struct machine *m, const struct built *b, enum backend_state *state,
		    struct err *err);

/* Can there be rules in a place? Not before the kernel has its module. */
bool machine_has_place(enum place place);

/* Which places have rules of ours, as bits of enum place. Makes no table and loads no module. A
 * place that the kernel does not show to this program counts as empty, and is in m->hidden. */
int machine_places(struct machine *m, unsigned int *places, struct err *err);

/* In which of these places packets reach rules of ours. In the others somebody has flushed them. */
int machine_in_force(struct machine *m, unsigned int *places, struct err *err);

/* Loads rules into their backend's place. Says in the report what was done. */
int machine_load(struct machine *m, const struct built *b, struct backend_report *report,
		 struct err *err);

/* Removes rules of ours from these places, and touches no other place. */
int machine_remove(struct machine *m, unsigned int places, struct backend_report *report,
		   struct err *err);

/* Frees what is in it; it is empty then. */
void machine_free(struct machine *m);

#endif
