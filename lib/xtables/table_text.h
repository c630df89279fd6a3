/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_TABLE_TEXT_H
#define SECMARK2_XTABLES_TABLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct chain_set;

struct table_text_lines {
	char **v;
	size_t n;
};

/* A table as iptables-save writes it, or as it shall be. All lines of rules begin with "-A CHAIN".
 */
struct table_text {
	const char *table;              /* not owned */
	struct table_text_lines chains; /* names of ours, sorted */
	struct table_text_lines rules;  /* of our chains, sorted by chain, in each in order */
	struct table_text_lines jumps;  /* rules in chains of others that go to ours */
	struct table_text_lines others; /* rules of others and their jumps to us, in order */
	/* of nf_tables: without the rules of our chains, which iptables cannot print */
	bool unreadable;
	uint64_t handles; /* a hash of our rules' handles: every change makes new ones */
};

/* The target of a rule of others if only nf_tables knows what it does: a map of verdicts. */
#define TABLE_TEXT_MAP "?"

/* Reads iptables-save's output for a table; it may be empty. End it with table_text_free(). */
void table_text_read(const char *text, const char *table, struct table_text *saved);

/* What iptables-save would print for these chains, with a plain jump from each of their hooks. */
void table_text_of(const struct chain_set *set, struct table_text *saved);

/* Has the table any chain or jump of ours? */
bool table_text_any(const struct table_text *saved);

/* Is our part the same, with a jump from each hook, wherever that was placed? */
bool table_text_same(const struct table_text *have, const struct table_text *want);

/**
 * table_text_change - the input for iptables-restore --noflush
 * @have: as it is
 * @want: as it shall be; of the rules of others in it only the places of jumps count
 * @drop: with the deletion of jumps and chains that are not wanted; without it, such chains are
 *        emptied
 * @out:  where to: one transaction
 *
 * Existing jumps stay where they are, also in users' own chains. A missing jump comes last, or
 * where @want has it among the same rules of others, if @want was read. The text does not contain
 * rules of others.
 */
void table_text_change(const struct table_text *have, const struct table_text *want, bool drop,
		       FILE *out);

/* May an existing jump to a chain of ours stay? A jump from a user's own chain may, as long as its
 * target exists. */
bool table_text_jump_may_stay(const struct table_text *want, const char *jump);

/* Is this one of our chains there? */
bool table_text_has_chain(const struct table_text *saved, const char *name);

/* The length of "-A CHAIN" in a line. */
size_t table_text_chain_length(const char *rule);

/* Do two lines have the same target? */
bool table_text_same_target(const char *a, const char *b);

/* Do others have rules in a hook's chain? */
bool table_text_shared(const struct table_text *saved, const char *hook);

/* The first rule of others that keeps packets from the hook's jump to our chain; NULL: none. */
const char *table_text_ends_before(const struct table_text *saved, const char *hook);

/* A jump from the hook to our chain, if all of them have a condition; else NULL. */
const char *table_text_condition(const struct table_text *saved, const char *hook);

/* Frees what is in it, not the struct. */
void table_text_free(struct table_text *saved);

#endif
