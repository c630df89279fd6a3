/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_CHAIN_WALK_H
#define SECMARK2_DUMP_CHAIN_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "dump/rule_match.h"
#include "util/diag.h"

struct dump;
struct dump_rule;

/* A rule, sorted by family, table and chain. */
struct walk_rule {
	const struct dump *dump;
	const struct dump_rule *rule;
	size_t number; /* its position in the dump */
	bool seen;
	/* its label is for packets, or is not, on some path to it: they left before */
	bool labels, hidden;
};

/* A label that a rule gives, or a verdict that keeps packets from it. */
struct walk_label {
	struct dump_match match;
	const char *text;
	struct pos pos;
};

struct walk_labels {
	struct walk_label *v;
	size_t n;
};

/* A built-in chain, and the flows that it sees. */
struct walk_hook {
	const char *chain;
	enum side side;
	bool in, out; /* do its packets have these interfaces? */
};

/* Puts rules into the order that walk() needs. Where n is 0, v may be NULL. */
void walk_sort(struct walk_rule *v, size_t n);

/**
 * walk - which labels do the chains of a hook give?
 * @v:      all rules, sorted
 * @n:      how many
 * @table:  whose chains
 * @family: of these rules
 * @hook:   where to begin
 * @diag:   gets an error for each rule that labels what no line of a plan can say
 *
 * Returns the labels, of which the first that fits counts; end them with
 * walk_labels_free(). Rules that were met are marked as seen.
 */
struct walk_labels walk(struct walk_rule *v, size_t n, const char *table, int family,
			const struct walk_hook *hook, struct diag *diag);

/* Frees the last label. */
void walk_drop_last(struct walk_labels *labels);

/* Frees its content; it is empty then. */
void walk_labels_free(struct walk_labels *labels);

/* Is a text one of two? NULL is neither. */
bool walk_is_one_of(const char *text, const char *a, const char *b);

#endif
