/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_CHAIN_H
#define SECMARK2_XTABLES_CHAIN_H

#include <stddef.h>
#include <stdio.h>

#include "xtables/chain_rule.h"

/* Without the NUL: XT_EXTENSION_MAXNAMELEN - 1, include/uapi/linux/netfilter/x_tables.h */
#define CHAIN_NAME_MAX 28

struct chain {
	char name[CHAIN_NAME_MAX + 1];
	const char *hook; /* NULL, or the built-in chain that jumps here */
	struct chain_rule *rules;
	size_t n;
};

/* What goes into a table of a family. The caller sets family and table; the rest starts as zeros.
 */
struct chain_set {
	int family; /* AF_INET, AF_INET6 */
	const char *table;
	struct chain *v;
	size_t n;
	size_t n_rules; /* of all chains */
};

/* Adds an empty chain whose name is made as by printf. Returns its index. */
unsigned int chain_new(struct chain_set *set, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds a rule at a chain's end. What the rule points to has to live as long as the set. */
void chain_add(struct chain_set *set, unsigned int chain, struct chain_rule rule);

/* A rule as iptables-save writes it (1.8.9), from "-A" on, without a line end. */
void chain_print_rule(const struct chain_set *set, const struct chain *chain,
		      const struct chain_rule *rule, FILE *out);

/* Is a chain of this name, or of one that begins a text, ours? */
bool chain_is_ours(const char *name);

/* " -p PROTOCOL": by name only if every iptables-save prints the name. */
void chain_print_proto(uint8_t proto, FILE *out);

/* All chains for iptables-restore: each declared, then filled. No table line, no hooks, no COMMIT.
 */
void chain_print(const struct chain_set *set, FILE *out);

/* The longest path through chains, by jump or goto; a hook's own chain counts as one. */
unsigned int chain_depth(const struct chain_set *set);

/* Frees what is in it, and leaves it empty. */
void chain_free(struct chain_set *set);

#endif
