// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/backend_command.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/report.h"
#include "base/err.h"
#include "util/run.h"
#include "xtables/chain.h"
#include "xtables/table_text.h"

#define FAMILIES 2
#define TABLES 2

static const char *const tables[TABLES] = { "security", "mangle" };

static const struct {
	const char *save, *restore;
} commands[][FAMILIES] = {
	[BACKEND_IPTABLES_LEGACY] = {
		{ "iptables-legacy-save", "iptables-legacy-restore" },
		{ "ip6tables-legacy-save", "ip6tables-legacy-restore" },
	},
	[BACKEND_IPTABLES_NFT] = {
		{ "iptables-nft-save", "iptables-nft-restore" },
		{ "ip6tables-nft-save", "ip6tables-nft-restore" },
	},
};

/* iptables' own exit status where it gave up waiting: RESOURCE_PROBLEM, include/xtables.h */
#define STATUS_BUSY 4

/* Both tables of both families: as they are, as they shall be. */
struct state {
	struct saved of[FAMILIES][TABLES];
};

static void state_free(struct state *s)
{
	int family, table;

	for (family = 0; family < FAMILIES; family++)
		for (table = 0; table < TABLES; table++)
			saved_free(&s->of[family][table]);
}

/* What a command printed, as one line. */
static int refused(const char *command, const struct run_result *r, const char *doing,
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
	/* iptables-nft has this status for who lacks the right as well */
	code = r->status != STATUS_BUSY ? -EIO : strstr(said, "you must be root") ? -EPERM : -EBUSY;
	err_set(err, code, "%s: %s failed with status %d: %s", doing, command, r->status,
		used ? said : "it said nothing");
	if (code == -EBUSY)
		err_hint(err, "somebody else changes rules; try again");
	return code;
}

/* All tables that there are; one that nobody has used yet is not made by looking. */
static int read_family(const struct backend_iptables_opts *opts, int family,
		       struct saved of[TABLES], struct err *err)
{
	const char *command = commands[opts->variant][family].save;
	const char *const argv[] = { command, NULL };
	struct run_result r;
	int table, ret;

	ret = run(argv, NULL, 0, opts->run_seconds, &r, err);
	if (!ret && r.status)
		ret = refused(command, &r, "reading the rules", err);
	for (table = 0; table < TABLES; table++)
		saved_read(ret ? "" : r.out, tables[table], &of[table]);
	run_free(&r);
	return ret;
}

static int read_state(const struct backend_iptables_opts *opts, struct state *s, struct err *err)
{
	int family, ret = 0;

	*s = (struct state){ 0 };
	for (family = 0; family < FAMILIES && !ret; family++)
		ret = read_family(opts, family, s->of[family], err);
	return ret;
}

static int restore(const struct backend_iptables_opts *opts, int family, const char *text,
		   size_t len, const char *doing, struct err *err)
{
	const char *command = commands[opts->variant][family].restore;
	const char *const legacy[] = { command, "--noflush", "-w", NULL, NULL };
	const char *argv[sizeof(legacy) / sizeof(legacy[0])];
	struct run_result r;
	char seconds[16];
	int ret;

	memcpy(argv, legacy, sizeof(legacy));
	snprintf(seconds, sizeof(seconds), "%u", opts->lock_seconds);
	/* nft's transactions need no lock */
	if (opts->variant == BACKEND_IPTABLES_LEGACY)
		argv[3] = seconds;
	else
		argv[2] = NULL;
	ret = run(argv, text, len, opts->run_seconds, &r, err);
	if (!ret && r.status)
		ret = refused(command, &r, doing, err);
	run_free(&r);
	return ret;
}

/* Turns a family's tables into what they shall be: the one that has something then first, so that
 * labels overlap. */
static int change_family(const struct backend_iptables_opts *opts, int family,
			 const struct saved have[TABLES], const struct saved want[TABLES],
			 const char *doing, bool *changed, struct err *err)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int table, pass, ret = 0;

	for (pass = 0; pass < 2; pass++)
		for (table = 0; table < TABLES; table++)
			if (saved_any(&want[table]) == !pass &&
			    !saved_same(&have[table], &want[table]))
				saved_change(&have[table], &want[table], out);
	fclose(out);
	if (len) {
		ret = restore(opts, family, text, len, doing, err);
		*changed |= !ret;
	}
	free(text);
	return ret;
}

/* Both families: a command that failed may have done its work all the same, if it was killed right
 * behind that. */
static int put_back_all(const struct backend_iptables_opts *opts, const struct state *before,
			bool changed[FAMILIES], struct err *err)
{
	static const char *const doing[] = { "putting IPv4 back", "putting IPv6 back" };
	struct state now;
	int family, ret = read_state(opts, &now, err);

	for (family = 0; family < FAMILIES && !ret; family++)
		ret = change_family(opts, family, now.of[family], before->of[family], doing[family],
				    &changed[family], err);
	state_free(&now);
	return ret;
}

/* After a failure: says what became of it. Returns false where the old rules are not back. */
static bool put_back(const struct backend_iptables_opts *opts, const struct state *before,
		     struct err *err)
{
	bool changed[FAMILIES] = { false };
	struct err second;

	if (put_back_all(opts, before, changed, &second)) {
		err_hint(err, "what has been loaded stays, because %s", second.what);
		return false;
	}
	if (changed[0] && changed[1])
		err_hint(err, "IPv4 and IPv6 have their old rules back");
	else if (changed[0] || changed[1])
		err_hint(err, "%s has its old rules back", changed[0] ? "IPv4" : "IPv6");
	return true;
}

static int change(const struct backend_iptables_opts *opts, const struct state *have,
		  const struct state *want, struct backend_report *report, struct err *err)
{
	static const char *const doing[] = { "loading the rules for IPv4", "loading the rules for "
									   "IPv6" };
	bool changed = false;
	int family, ret = 0;

	for (family = 0; family < FAMILIES && !ret; family++)
		ret = change_family(opts, family, have->of[family], want->of[family], doing[family],
				    &changed, err);
	/* who has not even been run has done nothing */
	if (ret && (changed || ret != -ENOENT))
		report->left = !put_back(opts, have, err);
	report->changed = !ret && changed;
	return ret;
}

static void warn(struct backend_report *report, const struct saved *have,
		 const struct chain_set *set)
{
	char family = set->family == AF_INET ? '4' : '6';
	const char *rule;
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (!set->v[i].hook)
			continue;
		rule = saved_ends_before(have, set->v[i].hook);
		if (rule)
			backend_warn(report,
				     "IPv%c, table %s: what matches '%s' does not reach %s, and is "
				     "not labeled",
				     family, set->table, rule, set->v[i].name);
		rule = saved_condition(have, set->v[i].hook);
		if (rule)
			backend_warn(report,
				     "IPv%c, table %s: only what matches '%s' reaches %s, and is "
				     "labeled",
				     family, set->table, rule, set->v[i].name);
	}
}

/* What iptables-save would show of them. */
static void wanted(const struct chain_set *sets, struct state *want)
{
	int family, table;

	for (family = 0; family < FAMILIES; family++) {
		for (table = 0; table < TABLES; table++) {
			want->of[family][table] = (struct saved){ .table = tables[table] };
			if (!strcmp(sets[family].table, tables[table]))
				saved_of(&sets[family], &want->of[family][table]);
		}
	}
}

int backend_iptables_apply(const struct chain_set *sets, const struct backend_iptables_opts *opts,
			   struct backend_report *report, struct err *err)
{
	struct state have, want = { 0 };
	int family, table, ret;

	*report = (struct backend_report){ 0 };
	ret = read_state(opts, &have, err);
	if (!ret) {
		wanted(sets, &want);
		for (family = 0; family < FAMILIES; family++)
			for (table = 0; table < TABLES; table++)
				if (!strcmp(sets[family].table, tables[table]))
					warn(report, &have.of[family][table], &sets[family]);
		ret = change(opts, &have, &want, report, err);
	}
	state_free(&have);
	state_free(&want);
	return ret;
}

int backend_iptables_remove(const struct backend_iptables_opts *opts, struct backend_report *report,
			    struct err *err)
{
	const struct chain_set none[FAMILIES] = { { AF_INET, tables[0], NULL, 0 },
						  { AF_INET6, tables[0], NULL, 0 } };

	return backend_iptables_apply(none, opts, report, err);
}

int backend_iptables_loaded(const struct chain_set *sets, const struct backend_iptables_opts *opts,
			    enum backend_state *state, struct err *err)
{
	struct state have, want = { 0 };
	bool same = true, any = false;
	int family, table, ret;

	ret = read_state(opts, &have, err);
	if (!ret)
		wanted(sets, &want);
	for (family = 0; family < FAMILIES && !ret; family++) {
		for (table = 0; table < TABLES; table++) {
			same &= saved_same(&have.of[family][table], &want.of[family][table]);
			any |= saved_any(&have.of[family][table]);
		}
	}
	*state = same ? BACKEND_SAME : any ? BACKEND_OTHER : BACKEND_ABSENT;
	state_free(&have);
	state_free(&want);
	return ret;
}

int backend_iptables_shared(const char *table, const struct backend_iptables_opts *opts,
			    bool *shared, struct err *err)
{
	static const char *const hooks[] = { "PREROUTING", "INPUT", "OUTPUT" };
	struct state have;
	bool any = false;
	int family, i, ret;

	ret = read_state(opts, &have, err);
	for (family = 0; family < FAMILIES && !ret; family++)
		for (i = 0; i < 3 * TABLES; i++)
			if (!strcmp(tables[i / 3], table))
				any |= saved_shared(&have.of[family][i / 3], hooks[i % 3]);
	/* nobody has rules where nobody could look: that would be the wrong answer */
	if (!ret)
		*shared = any;
	state_free(&have);
	return ret;
}
