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
	bool by_source; /* of a hook: its only problem are its ports of the source */
	/* such a rule is left out: it repeats for replies what is said of the first packets */
	bool repeats;
	/* set by WALK_REPLIES: this rule of a hook, or a chain that it calls, labels replies; and
	 * does so in a way that cannot be compared */
	bool labels_replies, bad_replies;
};

/* A label that a rule gives, or a verdict that keeps packets from it. */
struct walk_label {
	struct dump_match match;
	const char *text;
	struct pos pos;
	struct walk_rule *top; /* the rule of the hook that gave it, or called the chains */
	bool wide;             /* some of these packets do not get it */
};

struct walk_labels {
	struct walk_label *v;
	size_t n;
};

enum walk_mode {
	WALK_BEGIN,   /* of packets that begin connections; rules that repeat are left out */
	WALK_QUIET,   /* the same without a mark at a rule; all by source port are left out */
	WALK_REPLIES, /* of replies; the matches are those of the packets that they answer */
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
 * @mode:   of which packets
 * @diag:   gets an error for each rule that labels what no line of a plan can say
 *
 * Returns the labels, of which the first that fits counts; end them with
 * walk_labels_free(). Rules that were met are marked as seen. Of replies, rules that cannot be
 * compared are left out.
 */
struct walk_labels walk(struct walk_rule *v, size_t n, const char *table, int family,
			const struct walk_hook *hook, enum walk_mode mode, struct diag *diag);

/* Finds the first rule of a chain: of the family, the table and the chain of the key. NULL if it
 * has none. The rules are sorted. */
struct walk_rule *walk_find_chain(struct walk_rule *v, size_t n, const struct dump_rule *key);

/* Frees the last label. */
void walk_drop_last(struct walk_labels *labels);

/* Frees its content; it is empty then. */
void walk_labels_free(struct walk_labels *labels);

/* Is a text one of two? NULL is neither. */
bool walk_is_one_of(const char *text, const char *a, const char *b);

#endif
