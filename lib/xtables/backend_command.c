// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/backend_command.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/run.h"
#include "xtables/backend_libiptc.h"
#include "xtables/build.h"
#include "xtables/chain.h"
#include "xtables/command_run.h"
#include "xtables/compat_table.h"
#include "xtables/iptc_ops.h"
#include "xtables/iptc_table.h"
#include "xtables/table_text.h"

#define FAMILIES COMPAT_FAMILIES
#define TABLES COMPAT_TABLES

/* No chains, of both families. */
static const struct chain_set nothing[FAMILIES] = {
	{ .family = AF_INET, .table = "security" },
	{ .family = AF_INET6, .table = "security" },
};

/* Both tables of both families, as they are and as they shall be. */
struct state {
	struct table_text of[FAMILIES][TABLES];
};

static void state_free(struct state *s)
{
	int family, table;

	for (family = 0; family < FAMILIES; family++)
		for (table = 0; table < TABLES; table++)
			table_text_free(&s->of[family][table]);
}

/* A copy of what was read. Legacy tables can have rules that iptables cannot print: libiptc reads
 * them then, and also changes the tables. */
struct command_seen {
	struct seen seen;
	struct state state;
	struct seen *by_libiptc; /* instead of state; or NULL */
	struct err why;          /* with by_libiptc */
};

/* iptables has no plugin for the revision of an extension in the rule. Then what it prints of the
 * rule is no input for iptables-restore. */
static const char *find_unprintable(const struct table_text_lines *lines)
{
	size_t i;

	for (i = 0; i < lines->n; i++)
		if (strstr(lines->v[i], " [unsupported revision]"))
			return lines->v[i];
	return NULL;
}

/* Of ours, and of jumps to ours: other rules are neither deleted nor put back. */
static int check_printable(const struct table_text *text, struct err *err)
{
	const char *rule = find_unprintable(&text->jumps);

	if (!rule)
		rule = find_unprintable(&text->rules);
	return !rule ? 0 :
		       err_set(err, -EIO, "reading the rules: iptables cannot print '%s'", rule);
}

/* A table that nobody has used yet is not read, because reading creates it. Other tables are not
 * read either: iptables-save prints no rule if it has no plugin for it. */
static int read_legacy(int family, struct table_text of[TABLES], struct err *err)
{
	struct run_result r = { 0 };
	int table, ret = 0;

	for (table = 0; table < TABLES && !ret; table++) {
		if (iptc_table_is_there(&iptc_families[family], compat_tables[table]))
			ret = command_run_save(compat_families[family], compat_tables[table], &r,
					       err);
		table_text_read(ret || !r.out ? "" : r.out, compat_tables[table], &of[table]);
		run_free(&r);
		if (!ret)
			ret = check_printable(&of[table], err);
	}
	return ret;
}

static int read_compat(int family, struct table_text of[TABLES], struct err *err)
{
	int table, ret = 0;

	for (table = 0; table < TABLES && !ret; table++)
		ret = compat_table_read(compat_families[family], compat_tables[table], &of[table],
					err);
	return ret;
}

static int command_read_state(const struct backend_ops *self, struct state *s, struct err *err)
{
	int family, ret = 0;

	*s = (struct state){ 0 };
	for (family = 0; family < FAMILIES && !ret; family++)
		ret = self->place == PLACE_LEGACY ? read_legacy(family, s->of[family], err) :
						    read_compat(family, s->of[family], err);
	return ret;
}

/* Does a table need a transaction of iptables? It deletes nothing from nf_tables, see
 * change_all(). */
static bool needs_change(const struct backend_ops *self, const struct table_text *have,
			 const struct table_text *want)
{
	return !table_text_same(have, want) &&
	       (self->place == PLACE_LEGACY || table_text_any(want));
}

/* Makes a family's tables what they shall be. The table that will have rules comes first, so that
 * labels overlap. */
static int change_family(const struct backend_ops *self, int family,
			 const struct table_text have[TABLES], const struct table_text want[TABLES],
			 const char *doing, bool *changed, struct err *err)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int table, pass, ret = 0;

	for (pass = 0; pass < 2; pass++)
		for (table = 0; table < TABLES; table++)
			if (table_text_any(&want[table]) == !pass &&
			    needs_change(self, &have[table], &want[table]))
				table_text_change(&have[table], &want[table],
						  self->place == PLACE_LEGACY, out);
	fclose(out);
	if (len) {
		ret = command_run_restore(self->place, compat_families[family], text, len, doing,
					  err);
		*changed |= !ret;
	}
	free(text);
	return ret;
}

static int drop_compat(const struct state *want, bool changed[FAMILIES],
		       struct backend_report *report, struct err *err)
{
	struct compat_wanted wanted;
	int family, table;

	for (family = 0; family < FAMILIES; family++)
		for (table = 0; table < TABLES; table++)
			wanted.of[family][table] = &want->of[family][table];
	return compat_table_drop(&wanted, changed, report, err);
}

/*
 * Makes all tables what they shall be. iptables-nft cannot delete a jump behind rules of others
 * that it cannot print. So in nf_tables it only adds: jumps and chains that are not wanted are
 * empty then, and go in one more transaction.
 */
static int change_all(const struct backend_ops *self, const struct state *have,
		      const struct state *want, const char *const doing[FAMILIES],
		      bool changed[FAMILIES], struct backend_report *report, struct err *err)
{
	int family, ret = 0;

	for (family = 0; family < FAMILIES && !ret; family++)
		ret = change_family(self, family, have->of[family], want->of[family], doing[family],
				    &changed[family], err);
	if (!ret && self->place == PLACE_COMPAT)
		ret = drop_compat(want, changed, report, err);
	report->changed |= changed[0] || changed[1];
	return ret;
}

/* Rules that could not be read cannot be put back. */
static int command_lost(const struct state *now, const struct state *before, struct err *err)
{
	bool lost = false;
	int family, table;

	for (family = 0; family < FAMILIES; family++)
		for (table = 0; table < TABLES; table++)
			lost |= before->of[family][table].unreadable &&
				!table_text_same(&now->of[family][table],
						 &before->of[family][table]);
	return !lost ? 0 : err_set(err, -EIO, "iptables could not print all of the old ones");
}

/* Both families: a command that failed may still have done its work, if it was killed right after
 * that. */
static int put_back_all(const struct backend_ops *self, const struct state *before,
			bool changed[FAMILIES], struct err *err)
{
	static const char *const doing[] = { "putting IPv4 back", "putting IPv6 back" };
	struct backend_report report = { 0 };
	struct state now;
	int ret = command_read_state(self, &now, err);

	if (!ret)
		ret = command_lost(&now, before, err);
	if (!ret)
		ret = change_all(self, &now, before, doing, changed, &report, err);
	backend_report_free(&report);
	state_free(&now);
	return ret;
}

/* After a failure: puts the old rules back, and says so. Returns false if they are not back. */
static bool command_put_back(const struct backend_ops *self, const struct state *before,
			     struct err *err)
{
	bool changed[FAMILIES] = { false };
	struct err second;

	if (put_back_all(self, before, changed, &second)) {
		err_hint(err, "the new rules stay loaded, because %s", second.what);
		return false;
	}
	if (changed[0] && changed[1])
		err_hint(err, "IPv4 and IPv6 have their old rules back");
	else if (changed[0] || changed[1])
		err_hint(err, "%s has its old rules back", changed[0] ? "IPv4" : "IPv6");
	return true;
}

static int command_change(const struct backend_ops *self, const struct state *have,
			  const struct state *want, struct backend_report *report, struct err *err)
{
	static const char *const doing[] = { "loading the rules for IPv4", "loading the rules for "
									   "IPv6" };
	bool changed[FAMILIES] = { false };
	int ret = change_all(self, have, want, doing, changed, report, err);

	/* a command that did not start has changed nothing */
	if (ret && (report->changed || ret != -ENOENT)) {
		report->left = !command_put_back(self, have, err);
		report->changed = false;
	}
	return ret;
}

/* The caller frees it. */
static char *command_quote(const struct backend_ops *self, int family,
			   const struct table_text *have, const char *rule)
{
	char *quote;
	size_t len;
	FILE *out;

	if (self->place == PLACE_COMPAT)
		return compat_table_quote(family, have, rule);
	out = buffer_open(&quote, &len);
	fprintf(out, "'%s'", rule);
	buffer_close(out);
	return quote;
}

static void command_warn(const struct backend_ops *self, struct backend_report *report,
			 const struct table_text *have, const struct chain_set *set)
{
	char family = set->family == AF_INET ? '4' : '6', *quote;
	const char *rule;
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (!set->v[i].hook)
			continue;
		rule = table_text_ends_before(have, set->v[i].hook);
		quote = rule ? command_quote(self, set->family, have, rule) : NULL;
		if (rule)
			backend_warn(report,
				     "IPv%c, table %s: packets that match %s do not reach "
				     "%s and are not labeled",
				     family, set->table, quote, set->v[i].name);
		free(quote);
		rule = table_text_condition(have, set->v[i].hook);
		quote = rule ? command_quote(self, set->family, have, rule) : NULL;
		if (rule)
			backend_warn(report,
				     "IPv%c, table %s: only packets that match %s reach "
				     "%s and are labeled",
				     family, set->table, quote, set->v[i].name);
		free(quote);
	}
}

/* What iptables-save would show of them. */
static void state_wanted(const struct chain_set *sets, struct state *want)
{
	int family, table;

	for (family = 0; family < FAMILIES; family++) {
		for (table = 0; table < TABLES; table++) {
			want->of[family][table] =
				(struct table_text){ .table = compat_tables[table] };
			if (!strcmp(sets[family].table, compat_tables[table]))
				table_text_of(&sets[family], &want->of[family][table]);
		}
	}
}

static const struct command_seen *command_seen_of(const struct seen *seen)
{
	return (const struct command_seen *)seen;
}

static const struct state *command_state_of(const struct seen *seen)
{
	return &command_seen_of(seen)->state;
}

static void command_forget(struct seen *seen)
{
	struct command_seen *s = (struct command_seen *)seen;

	if (s) {
		state_free(&s->state);
		backend_iptc.forget(s->by_libiptc);
	}
	free(s);
}

/* libiptc has failed, too. */
static void hint_why(struct err *err, const struct err *why)
{
	struct err own = *err;

	err_hint(err, "%s%slibiptc was used, because of %s", own.hint, *own.hint ? "; " : "",
		 why->what);
}

static int command_look(const struct backend_ops *self, struct seen **seen, struct err *err)
{
	struct command_seen *s = alloc_zeroed(1, sizeof(*s));
	int ret = command_read_state(self, &s->state, err);

	s->seen.ops = self;
	if (ret == -EIO && self->place == PLACE_LEGACY) {
		s->why = *err;
		ret = backend_iptc.look(&backend_iptc, &s->by_libiptc, err);
		if (ret)
			hint_why(err, &s->why);
	}
	if (ret)
		command_forget(&s->seen);
	else
		*seen = &s->seen;
	return ret;
}

static bool command_is_same(const struct state *have, const struct chain_set *sets)
{
	struct state want = { 0 };
	bool same = true;
	int family, table;

	state_wanted(sets, &want);
	for (family = 0; family < FAMILIES; family++)
		for (table = 0; table < TABLES; table++)
			same &= table_text_same(&have->of[family][table], &want.of[family][table]);
	state_free(&want);
	return same;
}

static bool command_present(const struct seen *seen)
{
	const struct seen *by_libiptc = command_seen_of(seen)->by_libiptc;

	if (by_libiptc)
		return backend_iptc.present(by_libiptc);
	return !command_is_same(command_state_of(seen), nothing);
}

static bool command_in_force(const struct seen *seen)
{
	const struct seen *by_libiptc = command_seen_of(seen)->by_libiptc;
	bool any = false;
	int family, table;

	if (by_libiptc)
		return backend_iptc.in_force(by_libiptc);
	for (family = 0; family < FAMILIES; family++)
		for (table = 0; table < TABLES; table++)
			any |= command_state_of(seen)->of[family][table].jumps.n > 0;
	return any;
}

static enum backend_state command_compare(const struct seen *seen, const struct built *b)
{
	const struct seen *by_libiptc = command_seen_of(seen)->by_libiptc;
	const struct state *have = command_state_of(seen);
	bool any = false;
	int family, table;

	if (by_libiptc)
		return backend_iptc.compare(by_libiptc, b);
	for (family = 0; family < FAMILIES; family++)
		for (table = 0; table < TABLES; table++)
			any |= table_text_any(&have->of[family][table]);
	return command_is_same(have, xt_sets(b)) ? BACKEND_SAME :
	       any                               ? BACKEND_OTHER :
						   BACKEND_ABSENT;
}

static bool command_shared(const struct seen *seen, const char *table)
{
	static const char *const hooks[] = { "PREROUTING", "INPUT", "OUTPUT" };
	const struct seen *by_libiptc = command_seen_of(seen)->by_libiptc;
	bool any = false;
	int family, i;

	if (by_libiptc)
		return backend_iptc.shared(by_libiptc, table);
	for (family = 0; family < FAMILIES; family++)
		for (i = 0; i < 3 * TABLES; i++)
			if (!strcmp(compat_tables[i / 3], table))
				any |= table_text_shared(&command_state_of(seen)->of[family][i / 3],
							 hooks[i % 3]);
	return any;
}

static bool command_by_itself(const struct seen *seen)
{
	return command_seen_of(seen)->by_libiptc;
}

static int command_change_to(const struct backend_ops *self, const struct chain_set *sets,
			     const struct state *have, struct backend_report *report,
			     struct err *err)
{
	struct state want = { 0 };
	int family, table, ret;

	state_wanted(sets, &want);
	for (family = 0; family < FAMILIES; family++)
		for (table = 0; table < TABLES; table++)
			if (!strcmp(sets[family].table, compat_tables[table]))
				command_warn(self, report, &have->of[family][table], &sets[family]);
	ret = command_change(self, have, &want, report, err);
	state_free(&want);
	return ret;
}

static int change_by_libiptc(const struct built *b, const struct err *why,
			     struct backend_report *report, struct err *err)
{
	int ret = b ? backend_iptc.load(b, NULL, report, err) :
		      backend_iptc.remove(&backend_iptc, NULL, report, err);

	if (!ret)
		backend_warn(report, "%s (libiptc is used instead)", why->what);
	else
		hint_why(err, why);
	return ret;
}

/* Reads the tables right before it changes them, unless it is known that nobody changed them since
 * they were read. @b: NULL to remove what is there */
static int command_apply(const struct backend_ops *self, const struct built *b,
			 const struct seen *seen, struct backend_report *report, struct err *err)
{
	struct seen *own = NULL;
	int ret = seen ? 0 : command_look(self, &own, err);
	const struct command_seen *s = command_seen_of(seen ? seen : own);

	*report = (struct backend_report){ 0 };
	if (!ret && s->by_libiptc)
		ret = change_by_libiptc(b, &s->why, report, err);
	else if (!ret)
		ret = command_change_to(self, b ? xt_sets(b) : nothing, &s->state, report, err);
	command_forget(own);
	return ret;
}

static int command_load(const struct built *b, const struct seen *seen,
			struct backend_report *report, struct err *err)
{
	return command_apply(b->ops, b, seen, report, err);
}

/* One transaction, or none: nothing has to be read before it, and nothing put back. */
static int remove_compat(struct backend_report *report, struct err *err)
{
	bool changed[FAMILIES] = { false };
	struct state none = { 0 };
	int ret;

	*report = (struct backend_report){ 0 };
	state_wanted(nothing, &none);
	ret = drop_compat(&none, changed, report, err);
	report->changed = changed[0] || changed[1];
	state_free(&none);
	return ret;
}

static int command_remove(const struct backend_ops *self, const struct seen *seen,
			  struct backend_report *report, struct err *err)
{
	return self->place == PLACE_COMPAT ? remove_compat(report, err) :
					     command_apply(self, NULL, seen, report, err);
}

#define OPS                                                                                   \
	.build = xt_build, .print = xt_print, .free = xt_free, .look = command_look,          \
	.present = command_present, .in_force = command_in_force, .compare = command_compare, \
	.shared = command_shared, .by_itself = command_by_itself, .forget = command_forget,   \
	.load = command_load, .remove = command_remove

const struct backend_ops backend_iptables_nft = { .name = "iptables-nft",
						  .place = PLACE_COMPAT,
						  .command = "iptables-nft",
						  .digest = compat_table_digest,
						  OPS };

const struct backend_ops backend_iptables_legacy = {
	.name = "iptables-legacy", .place = PLACE_LEGACY, .command = "iptables-legacy", OPS
};
