/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_MATCH_NETS_H
#define SECMARK2_DUMP_MATCH_NETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "packet/net.h"

/* Networks, or all addresses outside of them if negated. Starts as zeros, which is any address. */
struct match_nets {
	struct net *v;
	size_t n;
	bool negated;
	bool own_family; /* if negated: only addresses of the first one's family */
};

/* Adds a network, unless one of them contains it. Those in it are dropped. */
void match_nets_add(struct match_nets *nets, const struct net *net);

/**
 * match_nets_and - the addresses that two have in common
 * @a:   the first
 * @b:   the second
 * @out: gets them; any address before. Free it with match_nets_free().
 *
 * Returns 0; -ENOENT if there are none; or -EDOM if no list can say them (10.0.0.0/8 without
 * 10.1.0.0/16), and @out is a copy of @a then.
 */
int match_nets_and(const struct match_nets *a, const struct match_nets *b, struct match_nets *out);

/* Takes the addresses of others out of a match. Returns as match_nets_and() does; after a failure
 * it is as before. */
int match_nets_minus(struct match_nets *nets, const struct match_nets *others);

/* Is each address of a one of b? */
bool match_nets_within(const struct match_nets *a, const struct match_nets *b);

/* Is it certain that they have no address in common? */
bool match_nets_apart(const struct match_nets *a, const struct match_nets *b);

/* Prints the clause of a line; nothing for any address. */
void match_nets_print(const char *clause, const struct match_nets *nets, FILE *out);

/* Frees its content; it is empty then. */
void match_nets_free(struct match_nets *nets);

#endif
