/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_COUNT_RULES_H
#define SECMARK2_DUMP_COUNT_RULES_H

#include <stddef.h>

/* The number of rules that label packets or connections. */
struct rule_counts {
	unsigned int ours; /* in chains SECMARK2-*, or the nft table "inet secmark2" */
	unsigned int others;
};

/* Counts a rule of iptables if its target labels. */
void count_rules_one(const char *chain, const char *target, struct rule_counts *n);

/**
 * count_rules_nft - count the rules and the objects that label
 * @json: the output of "nft -j list ruleset"
 * @len:  its length in bytes
 * @n:    the counts are added to it
 *
 * A secmark object counts, because it switches packet checks on without a rule.
 * Rules of iptables-nft do not count: count_rules_one() is for them.
 *
 * Returns 0, or -EINVAL if it is not a ruleset.
 */
int count_rules_nft(const char *json, size_t len, struct rule_counts *n);

#endif
