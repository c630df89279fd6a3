/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_TABLE_TEXT_H
#define SECMARK2_XTABLES_TABLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct chain_set;

/* Whose names begin so is ours. */
#define SAVED_OURS "SECMARK2-"

struct saved_lines {
	char **v;
	size_t n;
};

/* A table as iptables-save writes it, or as it is to be. All lines of rules begin with "-A CHAIN".
 */
struct saved {
	const char *table;         /* not owned */
	struct saved_lines chains; /* names of ours, sorted */
	struct saved_lines rules;  /* of our chains, sorted by chain, in each in order */
	struct saved_lines jumps;  /* rules of others' chains that go to ours */
	struct saved_lines others; /* others' rules and their jumps to us, in order */
};

/* Reads what iptables-save says of a table, which may be nothing. End it with saved_free(). */
void saved_read(const char *text, const char *table, struct saved *saved);

/* What iptables-save would say of these chains, with a plain jump from each hook that they have. */
void saved_of(const struct chain_set *set, struct saved *saved);

/* Is there anything of ours? */
bool saved_any(const struct saved *saved);

/* Is ours the same, with a jump from each hook, whoever placed it where? */
bool saved_same(const struct saved *have, const struct saved *want);

/**
 * saved_change - what iptables-restore --noflush has to be told
 * @have: as it is
 * @want: as it shall be; of its others only the places of jumps count
 * @out:  where to: one transaction
 *
 * Jumps that are there stay where they are, in chains of somebody's own too. A missing one comes
 * last, or where
 * @want, read, has it among the same rules of others. Those are not named.
 */
void saved_change(const struct saved *have, const struct saved *want, FILE *out);

/* Do others have rules in a hook's chain? */
bool saved_shared(const struct saved *saved, const char *hook);

/* The first of others' rules that keeps what it matches from the jump of the hook to us; NULL:
 * none. */
const char *saved_ends_before(const struct saved *saved, const char *hook);

/* The jump from the hook to us, if somebody has given it a condition and there is none without;
 * else NULL. */
const char *saved_condition(const struct saved *saved, const char *hook);

/* Frees what is in it. */
void saved_free(struct saved *saved);

#endif
