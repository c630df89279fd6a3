/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_CLAUSE_H
#define SECMARK2_PLAN_CLAUSE_H

#include <stdbool.h>

struct plan_line;
struct plan_protos;
struct plan_reader;
struct proto;

/* Is it the first word of a clause: "from", "level"? */
bool plan_is_clause(const char *text);

/**
 * plan_clauses - read the clauses of a line, up to its end
 * @r:      the reader
 * @protos: of the line; NULL for a default
 * @line:   gets their values; its side, and whether it is a default, are set
 *
 * Returns 0, or -EINVAL after it has recorded an error.
 */
int plan_clauses(struct plan_reader *r, const struct plan_protos *protos, struct plan_line *line);

/* Removes from a line of one protocol the networks of other families, and the lists that match all
 * its addresses: they mean the same as no list. */
void plan_clauses_drop_all(struct plan_line *line, const struct proto *proto);

#endif
