/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_COUNT_RULES_H
#define SECMARK2_DUMP_COUNT_RULES_H

#include <stddef.h>

/* How many rules of a machine label packets or connections. */
struct label_rules {
	unsigned int ours; /* in chains SECMARK2-*, or the nft table "inet secmark2" */
	unsigned int others;
};

/**
 * label_rules_iptables - count the rules of SECMARK, CONNSECMARK and their kin
 * @text: what iptables-save prints, or ip6tables-save
 * @len:  its length in bytes
 * @n:    what they are added to
 *
 * Returns 0, or -EINVAL where a line cannot be read; the others are counted.
 */
int label_rules_iptables(const char *text, size_t len, struct label_rules *n);

/**
 * label_rules_nft - count the rules and the objects that label
 * @json: what "nft -j list ruleset" prints
 * @len:  its length in bytes
 * @n:    what they are added to
 *
 * A secmark object counts, as it switches packet checks on without any rule.
 * Rules of iptables-nft do not: iptables-save has them.
 *
 * Returns 0, or -EINVAL for what is no ruleset.
 */
int label_rules_nft(const char *json, size_t len, struct label_rules *n);

#endif
