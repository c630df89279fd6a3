// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/iptc_table.h"

#include <errno.h>
#include <libiptc/libip6tc.h>
#include <libiptc/libiptc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "util/alloc.h"
#include "util/hash.h"
#include "xtables/chain.h"
#include "xtables/iptc_jumps.h"
#include "xtables/iptc_ops.h"
#include "xtables/iptc_rule.h"

/* A buffer for a rule, aligned as the kernel's structures want it. */
struct rule_buffer {
	_Alignas(16) char data[IPTC_RULE_MAX];
};

int iptc_table_failed(const struct iptc_table *t, const char *doing, struct err *err)
{
	int code = errno ? errno : EIO;

	return err_set(err, -code, "%s, IPv%c, table %s: %s", doing,
		       t->ops->family == AF_INET ? '4' : '6', t->name, t->ops->error(code));
}

/* Does the table exist? Opening it would create it. */
bool iptc_table_is_there(const struct iptc_ops *ops, const char *name)
{
	char line[64];
	bool found = false;
	FILE *in = fopen(ops->names, "re");

	if (!in)
		return false;
	while (!found && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		found = !strcmp(line, name);
	}
	fclose(in);
	return found;
}

/* A 64-bit kernel without CONFIG_NETFILTER_XTABLES_COMPAT takes only structures of its own layout,
 * and tells all others EINVAL. A table that it can read is never invalid. */
static bool iptc_table_is_hidden(void)
{
	return sizeof(void *) == 4 && errno == EINVAL;
}

int iptc_table_open(struct iptc_table *t, struct err *err)
{
	t->h = t->ops->init(t->name);
	if (t->h)
		return 0;
	iptc_load_module(t->ops);
	t->h = t->ops->init(t->name);
	if (!t->h && iptc_table_is_hidden())
		return err_set(err, -EOPNOTSUPP,
			       "this kernel does not let 32-bit programs use legacy tables");
	return t->h ? 0 : iptc_table_failed(t, "reading the rules", err);
}

/* Does the chain in the kernel have the right rules, one by one? */
static bool same_chain(const struct iptc_table *t, const struct chain_set *set,
		       const struct chain *c, int secmark)
{
	struct rule_buffer built;
	const void *rule;
	size_t i = 0;

	if (!t->ops->is_chain(c->name, t->h))
		return false;
	for (rule = t->ops->first_rule(c->name, t->h); rule;
	     rule = t->ops->next_rule(rule, t->h), i++) {
		if (i == c->n)
			return false;
		iptc_rule_build(set, &c->rules[i], secmark, built.data);
		if (!iptc_rule_same(set->family, rule, t->ops->target(rule, t->h), built.data))
			return false;
	}
	return i == c->n;
}

bool iptc_table_same(const struct iptc_table *t, const struct chain_set *set, int secmark)
{
	const char *name;
	size_t ours = 0, i;

	for (name = t->ops->first_chain(t->h); name; name = t->ops->next_chain(t->h))
		ours += chain_is_ours(name);
	if (!iptc_jumps_same(t->ops, t->h, set) || ours != (set ? set->n : 0))
		return false;
	for (i = 0; i < ours; i++)
		if (!same_chain(t, set, &set->v[i], secmark))
			return false;
	return true;
}

/* Copies of the chains' names, because a change moves libiptc's list. */
struct names {
	char **v;
	size_t n;
};

static struct names chain_names(const struct iptc_table *t)
{
	struct names names = { 0 };
	const char *name;

	for (name = t->ops->first_chain(t->h); name; name = t->ops->next_chain(t->h)) {
		names.v = alloc_one_more(names.v, names.n, sizeof(*names.v));
		names.v[names.n++] = alloc_text(name, strlen(name));
	}
	return names;
}

static void iptc_table_names_free(struct names *names)
{
	while (names->n)
		free(names->v[--names->n]);
	free(names->v);
}

static int compare_chains(const void *a, const void *b)
{
	return strcmp(((const struct chain *)a)->name, ((const struct chain *)b)->name);
}

/* Empties all chains of ours, and deletes the ones that are no longer wanted. */
static bool clear_chains(const struct iptc_table *t, const struct chain_set *set,
			 const struct names *names)
{
	struct chain_set sorted = { .n = set ? set->n : 0 };
	struct chain key = { 0 };
	bool ok = true;
	size_t i;

	sorted.v = alloc_zeroed(sorted.n + 1, sizeof(*sorted.v));
	if (sorted.n)
		memcpy(sorted.v, set->v, sorted.n * sizeof(*sorted.v));
	qsort(sorted.v, sorted.n, sizeof(*sorted.v), compare_chains);
	for (i = 0; i < names->n && ok; i++)
		ok = chain_is_ours(names->v[i]) ? t->ops->flush(names->v[i], t->h) :
						  iptc_jumps_drop(t->ops, t->h, set, names->v[i]);
	for (i = 0; i < names->n && ok; i++) {
		if (!chain_is_ours(names->v[i]))
			continue;
		snprintf(key.name, sizeof(key.name), "%s", names->v[i]);
		if (!bsearch(&key, sorted.v, sorted.n, sizeof(*sorted.v), compare_chains))
			ok = t->ops->remove(names->v[i], t->h);
	}
	free(sorted.v);
	return ok;
}

static bool fill_chains(const struct iptc_table *t, const struct chain_set *set, int secmark)
{
	struct chain_rule jump = { .action = CHAIN_JUMP };
	struct rule_buffer built;
	size_t i, j;

	for (i = 0; i < set->n; i++)
		if (!t->ops->is_chain(set->v[i].name, t->h) &&
		    !t->ops->create(set->v[i].name, t->h))
			return false;
	for (i = 0; i < set->n; i++) {
		for (j = 0; j < set->v[i].n; j++) {
			iptc_rule_build(set, &set->v[i].rules[j], secmark, built.data);
			if (!t->ops->append(set->v[i].name, built.data, t->h))
				return false;
		}
		if (!set->v[i].hook ||
		    iptc_jumps_reach(t->ops, t->h, set->v[i].hook, set->v[i].name))
			continue;
		jump.target = i;
		iptc_rule_build(set, &jump, secmark, built.data);
		if (!t->ops->append(set->v[i].hook, built.data, t->h))
			return false;
	}
	return true;
}

bool iptc_table_ends_before(const struct iptc_table *t, const char *hook)
{
	return iptc_jumps_end_before(t->ops, t->h, hook);
}

bool iptc_table_condition(const struct iptc_table *t, const char *hook)
{
	return iptc_jumps_condition(t->ops, t->h, hook);
}

bool iptc_table_has_others(const struct iptc_table *t, const char *hook)
{
	const void *rule;

	if (!t->ops->is_chain(hook, t->h))
		return false;
	for (rule = t->ops->first_rule(hook, t->h); rule; rule = t->ops->next_rule(rule, t->h))
		if (!chain_is_ours(t->ops->target(rule, t->h)))
			return true;
	return false;
}

int iptc_table_change(struct iptc_table *t, const struct chain_set *set, int secmark,
		      struct err *err)
{
	struct names names = chain_names(t);
	bool ok = clear_chains(t, set, &names) && (!set || fill_chains(t, set, secmark));

	iptc_table_names_free(&names);
	return ok ? 0 : iptc_table_failed(t, "making the rules", err);
}

int iptc_table_commit(struct iptc_table *t, struct err *err)
{
	errno = 0;
	return t->ops->commit(t->h) ? 0 : iptc_table_failed(t, "loading the rules", err);
}

uint64_t iptc_table_digest(const struct iptc_table *t, uint64_t hash)
{
	const char *chain, *target;
	const void *rule;

	for (chain = t->ops->first_chain(t->h); chain; chain = t->ops->next_chain(t->h)) {
		if (chain_is_ours(chain))
			hash = hash_bytes(hash, chain, strlen(chain) + 1);
		for (rule = t->ops->first_rule(chain, t->h); rule;
		     rule = t->ops->next_rule(rule, t->h)) {
			target = t->ops->target(rule, t->h);
			if (!chain_is_ours(chain) && !chain_is_ours(target))
				continue;
			hash = hash_bytes(hash, chain, strlen(chain) + 1);
			hash = iptc_rule_hash(t->ops->family, rule, target, hash);
		}
	}
	return hash;
}

void iptc_table_close(struct iptc_table *t)
{
	if (t->h)
		t->ops->free(t->h);
	t->h = NULL;
}

/* Inserts a rule of another handle at a place of the chain, or at its end (-1). Writes the name of
 * its target into it. */
static bool copy_rule(const struct iptc_table *t, const struct iptc_table *old, const char *chain,
		      const void *rule, int place)
{
	struct rule_buffer copy = { 0 };
	size_t size = t->ops->family == AF_INET ? ((const struct ipt_entry *)rule)->next_offset :
						  ((const struct ip6t_entry *)rule)->next_offset;

	/* the targets of others fit already */
	if (size > sizeof(copy.data))
		return true;
	memcpy(copy.data, rule, size);
	strcpy((char *)iptc_rule_target(t->ops->family, copy.data), old->ops->target(rule, old->h));
	return place < 0 ? t->ops->append(chain, copy.data, t->h) :
			   t->ops->insert(chain, copy.data, place, t->h);
}

/* Restores the jumps from a chain of others to ours: deletes new ones, and puts lost ones back in
 * their places. */
static bool copy_jumps(const struct iptc_table *t, const struct iptc_table *old, const char *chain)
{
	const void *rule;
	int i;

	while ((i = iptc_jumps_find(t->ops, t->h, chain, NULL)) >= 0 &&
	       iptc_jumps_find(old->ops, old->h, chain, NULL) < 0)
		if (!t->ops->delete_rule(chain, i, t->h))
			return false;
	for (i = 0, rule = old->ops->first_rule(chain, old->h); rule;
	     rule = old->ops->next_rule(rule, old->h), i++)
		if (chain_is_ours(old->ops->target(rule, old->h)) &&
		    iptc_jumps_find(t->ops, t->h, chain, old->ops->target(rule, old->h)) < 0 &&
		    !copy_rule(t, old, chain, rule, i))
			return false;
	return true;
}

/* Creates the chains first, so that rules can name them. */
static bool copy_chains(const struct iptc_table *t, const struct iptc_table *old)
{
	const void *rule;
	const char *name;

	for (name = old->ops->first_chain(old->h); name; name = old->ops->next_chain(old->h))
		if (chain_is_ours(name) && !t->ops->is_chain(name, t->h) &&
		    !t->ops->create(name, t->h))
			return false;
	for (name = old->ops->first_chain(old->h); name; name = old->ops->next_chain(old->h)) {
		if (!chain_is_ours(name))
			continue;
		for (rule = old->ops->first_rule(name, old->h); rule;
		     rule = old->ops->next_rule(rule, old->h))
			if (!copy_rule(t, old, name, rule, -1))
				return false;
	}
	return true;
}

int iptc_table_put_back(struct iptc_table *t, const struct iptc_table *old, struct err *err)
{
	struct names names = chain_names(t);
	bool ok = true;
	size_t i;

	for (i = 0; i < names.n && ok; i++)
		if (chain_is_ours(names.v[i]))
			ok = t->ops->flush(names.v[i], t->h);
	ok = ok && copy_chains(t, old);
	for (i = 0; i < names.n && ok; i++)
		if (!chain_is_ours(names.v[i]))
			ok = copy_jumps(t, old, names.v[i]);
	for (i = 0; i < names.n && ok; i++)
		if (chain_is_ours(names.v[i]) && !old->ops->is_chain(names.v[i], old->h))
			ok = t->ops->remove(names.v[i], t->h);
	iptc_table_names_free(&names);
	return ok ? iptc_table_commit(t, err) : iptc_table_failed(t, "putting the rules back", err);
}
