/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_FOREIGN_CHAINS_H
#define SECMARK2_XTABLES_FOREIGN_CHAINS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How packets get through the chains of others in a table: which chain calls which. Each answer
 * takes time in proportion to the number of rules, however the chains call each other.
 */
struct foreign_chains;

/* A name that need not end in a NUL */
struct foreign_name {
	const char *text;
	size_t len;
};

struct foreign_rule {
	const void *rule; /* for the caller */
	bool plain;       /* all packets fit it */
	bool ends;        /* packets that fit leave the table, or the built-in chain it is in */
};

/* Returns a table without rules; end it with foreign_chains_free(). */
struct foreign_chains *foreign_chains_new(void);

/* Adds a rule at the end of a chain of others. The target may be a chain, ours or not, or anything
 * else. Names are copied. */
void foreign_chains_add(struct foreign_chains *x, struct foreign_name chain,
			struct foreign_name target, const struct foreign_rule *rule);

/* Do the rules lead from a chain to this one, if only for some packets? */
bool foreign_chains_lead(const struct foreign_chains *x, struct foreign_name chain,
			 struct foreign_name to);

/**
 * foreign_chains_find_end - what keeps packets of a chain from getting to ours?
 * @x:     the table
 * @chain: the chain
 * @ours:  is this the name of a chain of ours?
 *
 * Returns the first rule of the chain that ends the table for packets, or that goes to a chain
 * where this may happen, unless a rule before it leads all packets to us. NULL: none.
 */
const void *foreign_chains_find_end(const struct foreign_chains *x, struct foreign_name chain,
				    bool (*ours)(const char *name));

void foreign_chains_free(struct foreign_chains *x);

#endif
