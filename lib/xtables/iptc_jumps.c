// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/iptc_jumps.h"

#include <libiptc/libip6tc.h>
#include <libiptc/libiptc.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "xtables/builtin.h"
#include "xtables/chain.h"
#include "xtables/foreign_chains.h"
#include "xtables/iptc_ops.h"

static bool iptc_is_built_in(const char *chain)
{
	size_t i;

	for (i = 0; builtin_hooks[i] && strcmp(chain, builtin_hooks[i]); i++)
		;
	return builtin_hooks[i];
}

int iptc_jumps_find(const struct iptc_ops *ops, struct xtc_handle *h, const char *chain,
		    const char *target)
{
	const char *to;
	const void *rule;
	int i = 0;

	for (rule = ops->first_rule(chain, h); rule; rule = ops->next_rule(rule, h), i++) {
		to = ops->target(rule, h);
		if (target ? !strcmp(to, target) : chain_is_ours(to))
			return i;
	}
	return -1;
}

/* Does the rule fit all packets: no address, no interface, no protocol, no match? */
static bool iptc_is_plain(int family, const void *rule)
{
	static const struct ip6t_ip6 nothing6;
	static const struct ipt_ip nothing;
	const struct ip6t_entry *six = rule;
	const struct ipt_entry *four = rule;
	struct ip6t_ip6 ip6;
	struct ipt_ip ip;

	if (family == AF_INET) {
		ip = four->ip;
		ip.flags &= ~IPT_F_GOTO;
		return four->target_offset == sizeof(*four) && !memcmp(&ip, &nothing, sizeof(ip));
	}
	ip6 = six->ipv6;
	ip6.flags &= ~IP6T_F_GOTO;
	return six->target_offset == sizeof(*six) && !memcmp(&ip6, &nothing6, sizeof(ip6));
}

static bool is_goto(int family, const void *rule)
{
	return family == AF_INET ? ((const struct ipt_entry *)rule)->ip.flags & IPT_F_GOTO :
				   ((const struct ip6t_entry *)rule)->ipv6.flags & IP6T_F_GOTO;
}

/* Does a rule end the table for the packets that it matches, or the built-in chain that it is in?
 */
static bool iptc_rule_ends(int family, const char *chain, const void *rule, const char *to)
{
	return builtin_ends_table(to) ||
	       (iptc_is_built_in(chain) && (!strcmp(to, "RETURN") || is_goto(family, rule)));
}

static struct foreign_name named(const char *text)
{
	return (struct foreign_name){ text, strlen(text) };
}

static struct foreign_chains *foreign_chains_in(const struct iptc_ops *ops, struct xtc_handle *h)
{
	struct foreign_chains *chains = foreign_chains_new();
	const char *chain, *to;
	const void *rule;

	for (chain = ops->first_chain(h); chain; chain = ops->next_chain(h)) {
		if (chain_is_ours(chain))
			continue;
		for (rule = ops->first_rule(chain, h); rule; rule = ops->next_rule(rule, h)) {
			to = ops->target(rule, h);
			foreign_chains_add(chains, named(chain), named(to),
					   &(struct foreign_rule){
						   rule, iptc_is_plain(ops->family, rule),
						   iptc_rule_ends(ops->family, chain, rule, to) });
		}
	}
	return chains;
}

bool iptc_jumps_reach(const struct iptc_ops *ops, struct xtc_handle *h, const char *chain,
		      const char *ours)
{
	struct foreign_chains *chains = foreign_chains_in(ops, h);
	bool reach = foreign_chains_lead(chains, named(chain), named(ours));

	foreign_chains_free(chains);
	return reach;
}

/* The chain of ours that a hook has to jump to; NULL: none. */
static const char *iptc_wanted_jump(const struct chain_set *set, const char *hook)
{
	size_t i;

	for (i = 0; set && i < set->n; i++)
		if (set->v[i].hook && !strcmp(set->v[i].hook, hook))
			return set->v[i].name;
	return NULL;
}

static bool chain_set_has(const struct chain_set *set, const char *name)
{
	size_t i;

	for (i = 0; set && i < set->n; i++)
		if (!strcmp(set->v[i].name, name))
			return true;
	return false;
}

/* A jump from a user's own chain may stay as long as its target exists. */
static bool iptc_jump_may_stay(const struct chain_set *set, const char *chain, const char *to)
{
	const char *want = iptc_wanted_jump(set, chain);

	return (want && !strcmp(to, want)) || (!iptc_is_built_in(chain) && chain_set_has(set, to));
}

bool iptc_jumps_same(const struct iptc_ops *ops, struct xtc_handle *h, const struct chain_set *set)
{
	const char *chain, *to;
	const void *rule;
	size_t i;

	for (i = 0; set && i < set->n; i++)
		if (set->v[i].hook && !iptc_jumps_reach(ops, h, set->v[i].hook, set->v[i].name))
			return false;
	for (chain = ops->first_chain(h); chain; chain = ops->next_chain(h)) {
		if (chain_is_ours(chain))
			continue;
		for (rule = ops->first_rule(chain, h); rule; rule = ops->next_rule(rule, h)) {
			to = ops->target(rule, h);
			if (chain_is_ours(to) && !iptc_jump_may_stay(set, chain, to))
				return false;
		}
	}
	return true;
}

bool iptc_jumps_drop(const struct iptc_ops *ops, struct xtc_handle *h, const struct chain_set *set,
		     const char *chain)
{
	const char *to;
	const void *rule;
	unsigned int i;

	/* from the start each time, because a change moves the list */
	do {
		i = 0;
		for (rule = ops->first_rule(chain, h); rule; rule = ops->next_rule(rule, h), i++) {
			to = ops->target(rule, h);
			if (chain_is_ours(to) && !iptc_jump_may_stay(set, chain, to))
				break;
		}
		if (rule && !ops->delete_rule(chain, i, h))
			return false;
	} while (rule);
	return true;
}

bool iptc_jumps_end_before(const struct iptc_ops *ops, struct xtc_handle *h, const char *hook)
{
	struct foreign_chains *chains = foreign_chains_in(ops, h);
	bool end = foreign_chains_find_end(chains, named(hook), chain_is_ours);

	foreign_chains_free(chains);
	return end;
}

bool iptc_jumps_condition(const struct iptc_ops *ops, struct xtc_handle *h, const char *hook)
{
	bool any = false;
	const void *rule;

	for (rule = ops->first_rule(hook, h); rule; rule = ops->next_rule(rule, h)) {
		if (!chain_is_ours(ops->target(rule, h)))
			continue;
		if (iptc_is_plain(ops->family, rule))
			return false;
		any = true;
	}
	return any;
}
