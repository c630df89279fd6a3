/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_IPTC_RULE_H
#define SECMARK2_XTABLES_IPTC_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chain_rule;
struct chain_set;

/* No rule here is longer, in bytes. */
#define IPTC_RULE_MAX 2048

/**
 * iptc_rule_build - a rule in the layout of the kernel's tables
 * @set: the chains that it belongs to
 * @rule:    the rule
 * @secmark: the revision of the target SECMARK that the kernel knows: 1, or before 5.13 0
 * @out:     where to: a struct ipt_entry or ip6t_entry, with its matches and its target, of
 * IPTC_RULE_MAX bytes, aligned for them
 *
 * As libxtables would build it (iptables 1.8.9), with chains by name.
 */
void iptc_rule_build(const struct chain_set *set, const struct chain_rule *rule, int secmark,
		     void *out);

/**
 * iptc_rule_same - is a rule in the kernel the one that would be loaded?
 * @family: AF_INET, AF_INET6
 * @loaded: from libiptc
 * @target: where it goes, by libiptc
 * @built:  by iptc_rule_build()
 *
 * Does not compare counters, nor the bytes after the end of a name.
 */
bool iptc_rule_same(int family, const void *loaded, const char *target, const void *built);

/* Adds a rule in the kernel to a hash. @target: where it goes, by libiptc. Counters do not count.
 */
uint64_t iptc_rule_hash(int family, const void *loaded, const char *target, uint64_t hash);

/* The name of the target in a rule made by iptc_rule_build(). */
const char *iptc_rule_target(int family, const void *rule);

#endif
