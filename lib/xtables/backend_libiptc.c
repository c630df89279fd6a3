// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/backend_libiptc.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "util/alloc.h"
#include "util/hash.h"
#include "xtables/build.h"
#include "xtables/chain.h"
#include "xtables/compat_table.h"
#include "xtables/iptc_jumps.h"
#include "xtables/iptc_ops.h"
#include "xtables/iptc_table.h"
#include "xtables/lock.h"

#define FAMILIES COMPAT_FAMILIES
#define TABLES COMPAT_TABLES

/* One table of the four that may have something of ours. */
struct step {
	struct iptc_table table;     /* to commit */
	struct iptc_table old;       /* as it was */
	const struct chain_set *set; /* NULL: nothing of ours */
	bool committed;
};

static void libiptc_warn(const struct step *s, struct backend_report *report)
{
	char family = s->table.ops->family == AF_INET ? '4' : '6';
	size_t i;

	for (i = 0; i < s->set->n; i++) {
		if (!s->set->v[i].hook)
			continue;
		if (iptc_table_ends_before(&s->table, s->set->v[i].hook))
			backend_warn(report,
				     "IPv%c, table %s: packets that a rule of %s matches "
				     "do not reach %s and are not labeled",
				     family, s->table.name, s->set->v[i].hook, s->set->v[i].name);
		if (iptc_table_condition(&s->table, s->set->v[i].hook))
			backend_warn(report,
				     "IPv%c, table %s: only packets that match a condition in "
				     "%s reach %s and are labeled",
				     family, s->table.name, s->set->v[i].hook, s->set->v[i].name);
	}
}

/* Makes the copy that will be committed. A table that is already right stays closed. */
static int libiptc_prepare(struct step *s, int secmark, struct backend_report *report,
			   struct err *err)
{
	int ret;

	if (!s->set && !iptc_table_is_there(s->table.ops, s->table.name))
		return 0;
	ret = iptc_table_open(&s->table, err);
	if (ret)
		return ret;
	if (s->set)
		libiptc_warn(s, report);
	if (iptc_table_same(&s->table, s->set, secmark)) {
		iptc_table_close(&s->table);
		return 0;
	}
	s->old = (struct iptc_table){ s->table.ops, s->table.name, NULL };
	ret = iptc_table_open(&s->old, err);
	return ret ? ret : iptc_table_change(&s->table, s->set, secmark, err);
}

/* After a failed commit: restores the tables that were committed before. Returns false if one is
 * not restored. */
static bool libiptc_put_back(struct step *steps, size_t n, struct err *err)
{
	struct err second = { 0 };
	bool any = false;
	int ret, failed = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		struct iptc_table now = { steps[i].table.ops, steps[i].table.name, NULL };

		if (!steps[i].committed)
			continue;
		any = true;
		ret = iptc_table_open(&now, &second);
		if (!ret)
			ret = iptc_table_put_back(&now, &steps[i].old, &second);
		iptc_table_close(&now);
		if (ret)
			failed = ret;
	}
	if (failed)
		err_hint(err, "the tables that were changed before stay changed, because of %s",
			 second.what);
	else if (any)
		err_hint(err, "the tables that were changed before have their old rules back");
	return !failed;
}

static int libiptc_change(struct step *steps, size_t n, struct backend_report *report,
			  struct err *err)
{
	int secmark = iptc_secmark_revision(), ret = 0;
	size_t i;

	/* everything that can fail without the kernel is done before the first change */
	for (i = 0; i < n && !ret; i++)
		ret = libiptc_prepare(&steps[i], secmark, report, err);
	for (i = 0; i < n && !ret; i++) {
		if (!steps[i].table.h)
			continue;
		ret = iptc_table_commit(&steps[i].table, err);
		steps[i].committed = !ret;
		report->changed |= !ret;
	}
	if (ret) {
		report->left = !libiptc_put_back(steps, n, err);
		report->changed = false;
	}
	return ret;
}

/* First the table that will have rules, for IPv4 and IPv6, then the other one. */
static int libiptc_apply(const struct chain_set *sets, struct backend_report *report,
			 struct err *err)
{
	struct step steps[FAMILIES * TABLES] = { 0 };
	int i, ret, fd, first = sets && strcmp(sets[0].table, compat_tables[0]);

	*report = (struct backend_report){ 0 };
	for (i = 0; i < FAMILIES * TABLES; i++) {
		steps[i].table.ops = &iptc_families[i % FAMILIES];
		steps[i].table.name = compat_tables[i / FAMILIES ^ first];
		steps[i].set = sets && i < FAMILIES && sets[i].n ? &sets[i] : NULL;
	}
	ret = xt_lock(XT_LOCK_SECONDS, &fd, err);
	if (!ret)
		ret = libiptc_change(steps, FAMILIES * TABLES, report, err);
	if (fd >= 0)
		close(fd);
	for (i = 0; i < FAMILIES * TABLES; i++) {
		iptc_table_close(&steps[i].table);
		iptc_table_close(&steps[i].old);
	}
	return ret;
}

/* All tables that exist. They stay open: the open copies are what was read. */
struct iptc_seen {
	struct seen seen;
	struct iptc_table tables[FAMILIES * TABLES];
};

static struct iptc_seen *iptc_seen_of(const struct seen *seen)
{
	return (struct iptc_seen *)seen;
}

static void iptc_forget(struct seen *seen)
{
	int i;

	for (i = 0; seen && i < FAMILIES * TABLES; i++)
		iptc_table_close(&iptc_seen_of(seen)->tables[i]);
	free(seen);
}

static int iptc_look(const struct backend_ops *self, struct seen **seen, struct err *err)
{
	struct iptc_seen *s = alloc_zeroed(1, sizeof(*s));
	struct iptc_table *t;
	int i, ret = 0;

	s->seen.ops = self;
	for (i = 0; i < FAMILIES * TABLES && !ret; i++) {
		t = &s->tables[i];
		*t = (struct iptc_table){ &iptc_families[i % FAMILIES], compat_tables[i / FAMILIES],
					  NULL };
		if (iptc_table_is_there(t->ops, t->name))
			ret = iptc_table_open(t, err);
	}
	if (ret)
		iptc_forget(&s->seen);
	else
		*seen = &s->seen;
	return ret;
}

/* Do all tables have what is in these sets? NULL: nothing of ours; then the revision of the target
 * SECMARK does not matter. To ask for it loads a module. */
static bool iptc_is_same(const struct iptc_seen *s, const struct chain_set *sets, int secmark)
{
	const struct chain_set *set;
	bool same = true;
	int i;

	for (i = 0; i < FAMILIES * TABLES; i++) {
		set = sets ? &sets[i % FAMILIES] : NULL;
		if (set && (strcmp(set->table, s->tables[i].name) || !set->n))
			set = NULL;
		same &= s->tables[i].h ? iptc_table_same(&s->tables[i], set, secmark) : !set;
	}
	return same;
}

static bool iptc_present(const struct seen *seen)
{
	return !iptc_is_same(iptc_seen_of(seen), NULL, 0);
}

static bool iptc_in_force(const struct seen *seen)
{
	const struct iptc_table *t;
	const char *chain;
	int i;

	for (i = 0; i < FAMILIES * TABLES; i++) {
		t = &iptc_seen_of(seen)->tables[i];
		for (chain = t->h ? t->ops->first_chain(t->h) : NULL; chain;
		     chain = t->ops->next_chain(t->h))
			if (!chain_is_ours(chain) &&
			    iptc_jumps_find(t->ops, t->h, chain, NULL) >= 0)
				return true;
	}
	return false;
}

static enum backend_state iptc_compare(const struct seen *seen, const struct built *b)
{
	return iptc_is_same(iptc_seen_of(seen), xt_sets(b), iptc_secmark_revision()) ?
		       BACKEND_SAME :
	       iptc_present(seen) ? BACKEND_OTHER :
				    BACKEND_ABSENT;
}

static int iptc_digest(uint64_t *digest, struct err *err)
{
	struct seen *seen;
	const struct iptc_table *t;
	int i, ret = iptc_look(&backend_iptc, &seen, err);

	*digest = HASH_START;
	if (ret)
		return ret;
	for (i = 0; i < FAMILIES * TABLES; i++) {
		t = &iptc_seen_of(seen)->tables[i];
		*digest = hash_bytes(*digest, &i, sizeof(i));
		if (t->h)
			*digest = iptc_table_digest(t, *digest);
	}
	iptc_forget(seen);
	return 0;
}

static bool iptc_shared(const struct seen *seen, const char *table)
{
	static const char *const hooks[] = { "PREROUTING", "INPUT", "OUTPUT" };
	const struct iptc_table *t;
	bool any = false;
	int i, hook;

	for (i = 0; i < FAMILIES * TABLES; i++) {
		t = &iptc_seen_of(seen)->tables[i];
		for (hook = 0; hook < 3 && t->h && !strcmp(t->name, table); hook++)
			any |= iptc_table_has_others(t, hooks[hook]);
	}
	return any;
}

/* Reads the tables again: without the lock they may have changed since they were read. */
static int iptc_load(const struct built *b, const struct seen *seen, struct backend_report *report,
		     struct err *err)
{
	(void)seen;
	return libiptc_apply(xt_sets(b), report, err);
}

static int iptc_remove(const struct backend_ops *self, const struct seen *seen,
		       struct backend_report *report, struct err *err)
{
	(void)self;
	(void)seen;
	return libiptc_apply(NULL, report, err);
}

const struct backend_ops backend_iptc = {
	.name = "iptc",
	.place = PLACE_LEGACY,
	.build = xt_build,
	.print = xt_print,
	.free = xt_free,
	.look = iptc_look,
	.present = iptc_present,
	.in_force = iptc_in_force,
	.compare = iptc_compare,
	.shared = iptc_shared,
	.forget = iptc_forget,
	.digest = iptc_digest,
	.load = iptc_load,
	.remove = iptc_remove,
};
