// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/backend_command.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "util/alloc.h"
#include "util/run.h"
#include "xtables/build.h"
#include "xtables/chain.h"
#include "xtables/table_text.h"

#define FAMILIES 2
#define TABLES 2

static const char *const tables[TABLES] = { "security", "mangle" };

/* What a command may take. */
#define RUN_SECONDS 120

struct commands {
	const char *save, *restore;
};

static const struct commands legacy_commands[FAMILIES] = {
	{ "iptables-legacy-save", "iptables-legacy-restore" },
	{ "ip6tables-legacy-save", "ip6tables-legacy-restore" },
};

static const struct commands nft_commands[FAMILIES] = {
	{ "iptables-nft-save", "iptables-nft-restore" },
	{ "ip6tables-nft-save", "ip6tables-nft-restore" },
};

/* No chains, of both families. */
static const struct chain_set nothing[FAMILIES] = {
	{ .family = AF_INET, .table = "security" },
	{ .family = AF_INET6, .table = "security" },
};

/* iptables' exit status when it stopped waiting for its lock: RESOURCE_PROBLEM, include/xtables.h
 */
#define STATUS_BUSY 4

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

/* A copy of what was read. */
struct command_seen {
	struct seen seen;
	struct state state;
};

static const struct commands *commands_of(const struct backend_ops *self, int family)
{
	return &(self->place == PLACE_LEGACY ? legacy_commands : nft_commands)[family];
}

/* What a command printed, as one line. */
static int command_refused(const char *command, const struct run_result *r, const char *doing,
			   struct err *err)
{
	char said[300];
	size_t i, used = 0;
	int code;

	for (i = 0; i < r->err_len && used < sizeof(said) - 1; i++)
		if (r->err[i] != '\n')
			said[used++] = r->err[i];
		else if (used && i + 1 < r->err_len)
			said[used++] = ' ';
	said[used] = '\0';
	/* iptables-nft exits with this status without the right, too */
	code = r->status != STATUS_BUSY ? -EIO : strstr(said, "you must be root") ? -EPERM : -EBUSY;
	err_set(err, code, "%s: %s failed with status %d: %s", doing, command, r->status,
		used ? said : "it said nothing");
	if (code == -EBUSY)
		err_hint(err, "another program is changing rules; try again");
	return code;
}

/* All tables that exist: a table that nobody has used yet is not read, because reading creates it.
 */
static int read_family(const struct backend_ops *self, int family, struct table_text of[TABLES],
		       struct err *err)
{
	const char *command = commands_of(self, family)->save;
	const char *const argv[] = { command, NULL };
	struct run_result r;
	int table, ret;

	ret = run(argv, NULL, 0, RUN_SECONDS, &r, err);
	if (!ret && r.status)
		ret = command_refused(command, &r, "reading the rules", err);
	for (table = 0; table < TABLES; table++)
		table_text_read(ret ? "" : r.out, tables[table], &of[table]);
	run_free(&r);
	return ret;
}

static int command_read_state(const struct backend_ops *self, struct state *s, struct err *err)
{
	int family, ret = 0;

	*s = (struct state){ 0 };
	for (family = 0; family < FAMILIES && !ret; family++)
		ret = read_family(self, family, s->of[family], err);
	return ret;
}

static int run_restore_command(const struct backend_ops *self, int family, const char *text,
			       size_t len, const char *doing, struct err *err)
{
	const char *command = commands_of(self, family)->restore;
	const char *const legacy[] = { command, "--noflush", "-w", NULL, NULL };
	const char *argv[sizeof(legacy) / sizeof(legacy[0])];
	struct run_result r;
	char seconds[16];
	int ret;

	memcpy(argv, legacy, sizeof(legacy));
	snprintf(seconds, sizeof(seconds), "%d", XT_LOCK_SECONDS);
	/* nft's transactions need no lock */
	if (self->place == PLACE_LEGACY)
		argv[3] = seconds;
	else
		argv[2] = NULL;
	ret = run(argv, text, len, RUN_SECONDS, &r, err);
	if (!ret && r.status)
		ret = command_refused(command, &r, doing, err);
	run_free(&r);
	return ret;
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
			    !table_text_same(&have[table], &want[table]))
				table_text_change(&have[table], &want[table], out);
	fclose(out);
	if (len) {
		ret = run_restore_command(self, family, text, len, doing, err);
		*changed |= !ret;
	}
	free(text);
	return ret;
}

/* Both families: a command that failed may still have done its work, if it was killed right after
 * that. */
static int put_back_all(const struct backend_ops *self, const struct state *before,
			bool changed[FAMILIES], struct err *err)
{
	static const char *const doing[] = { "putting IPv4 back", "putting IPv6 back" };
	struct state now;
	int family, ret = command_read_state(self, &now, err);

	for (family = 0; family < FAMILIES && !ret; family++)
		ret = change_family(self, family, now.of[family], before->of[family], doing[family],
				    &changed[family], err);
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
	bool changed = false;
	int family, ret = 0;

	for (family = 0; family < FAMILIES && !ret; family++)
		ret = change_family(self, family, have->of[family], want->of[family], doing[family],
				    &changed, err);
	/* a command that did not start has changed nothing */
	if (ret && (changed || ret != -ENOENT))
		report->left = !command_put_back(self, have, err);
	report->changed = !ret && changed;
	return ret;
}

static void command_warn(struct backend_report *report, const struct table_text *have,
			 const struct chain_set *set)
{
	char family = set->family == AF_INET ? '4' : '6';
	const char *rule;
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (!set->v[i].hook)
			continue;
		rule = table_text_ends_before(have, set->v[i].hook);
		if (rule)
			backend_warn(report,
				     "IPv%c, table %s: packets that match '%s' do not reach "
				     "%s and are not labeled",
				     family, set->table, rule, set->v[i].name);
		rule = table_text_condition(have, set->v[i].hook);
		if (rule)
			backend_warn(report,
				     "IPv%c, table %s: only packets that match '%s' reach "
				     "%s and are labeled",
				     family, set->table, rule, set->v[i].name);
	}
}

/* What iptables-save would show of them. */
static void state_wanted(const struct chain_set *sets, struct state *want)
{
	int family, table;

	for (family = 0; family < FAMILIES; family++) {
		for (table = 0; table < TABLES; table++) {
			want->of[family][table] = (struct table_text){ .table = tables[table] };
			if (!strcmp(sets[family].table, tables[table]))
				table_text_of(&sets[family], &want->of[family][table]);
		}
	}
}

static const struct state *command_state_of(const struct seen *seen)
{
	return &((const struct command_seen *)seen)->state;
}

static void command_forget(struct seen *seen)
{
	struct command_seen *s = (struct command_seen *)seen;

	if (s)
		state_free(&s->state);
	free(s);
}

static int command_look(const struct backend_ops *self, struct seen **seen, struct err *err)
{
	struct command_seen *s = alloc_zeroed(1, sizeof(*s));
	int ret = command_read_state(self, &s->state, err);

	s->seen.ops = self;
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
	return !command_is_same(command_state_of(seen), nothing);
}

static enum backend_state command_compare(const struct seen *seen, const struct built *b)
{
	const struct state *have = command_state_of(seen);
	bool any = false;
	int family, table;

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
	bool any = false;
	int family, i;

	for (family = 0; family < FAMILIES; family++)
		for (i = 0; i < 3 * TABLES; i++)
			if (!strcmp(tables[i / 3], table))
				any |= table_text_shared(&command_state_of(seen)->of[family][i / 3],
							 hooks[i % 3]);
	return any;
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
			if (!strcmp(sets[family].table, tables[table]))
				command_warn(report, &have->of[family][table], &sets[family]);
	ret = command_change(self, have, &want, report, err);
	state_free(&want);
	return ret;
}

/* Reads the tables right before it changes them, unless it is known that nobody changed them since
 * they were read. */
static int command_apply(const struct backend_ops *self, const struct chain_set *sets,
			 const struct seen *seen, struct backend_report *report, struct err *err)
{
	struct seen *own = NULL;
	int ret = seen ? 0 : command_look(self, &own, err);

	*report = (struct backend_report){ 0 };
	if (!ret)
		ret = command_change_to(self, sets, command_state_of(seen ? seen : own), report,
					err);
	command_forget(own);
	return ret;
}

static int command_load(const struct built *b, const struct seen *seen,
			struct backend_report *report, struct err *err)
{
	return command_apply(b->ops, xt_sets(b), seen, report, err);
}

static int command_remove(const struct backend_ops *self, const struct seen *seen,
			  struct backend_report *report, struct err *err)
{
	return command_apply(self, nothing, seen, report, err);
}

#define OPS                                                                               \
	.build = xt_build, .print = xt_print, .free = xt_free, .look = command_look,      \
	.present = command_present, .compare = command_compare, .shared = command_shared, \
	.forget = command_forget, .load = command_load, .remove = command_remove

const struct backend_ops backend_iptables_nft = {
	.name = "iptables-nft", .place = PLACE_COMPAT, .command = "iptables-nft", OPS
};

const struct backend_ops backend_iptables_legacy = {
	.name = "iptables-legacy", .place = PLACE_LEGACY, .command = "iptables-legacy", OPS
};
