// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/compat_table.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "backend/report.h"
#include "base/err.h"
#include "host/nf_batch.h"
#include "host/nf_tables.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/hash.h"
#include "util/run.h"
#include "xtables/chain.h"
#include "xtables/command_run.h"
#include "xtables/table_text.h"

const char *const compat_tables[COMPAT_TABLES] = { "security", "mangle" };
const int compat_families[COMPAT_FAMILIES] = { AF_INET, AF_INET6 };

/* How often a deletion is tried anew that others have spoiled. */
#define DROP_TRIES 5

static int compat_failed(int code, const char *doing, struct err *err)
{
	err_set(err, code, "%s of iptables-nft: %s", doing, strerror(-code));
	if (code == -EPERM)
		err_hint(err, "needs root, or CAP_NET_ADMIN");
	if (code == -EINTR)
		err_hint(err, "others change rules all the time; try again");
	if (code == -ENOBUFS)
		err_hint(err, "the kernel refuses more at once than it has room to say");
	return code;
}

/* Names of nf_tables may have any bytes. */
static void print_name(const char *name, FILE *out)
{
	for (; *name; name++)
		fputc((unsigned char)*name <= ' ' || *name == '"' ? '?' : *name, out);
}

/* A rule of others as a line of iptables-save, but for what it matches. */
static void print_outline(const struct nf_rule *rule, FILE *out)
{
	fputs("-A ", out);
	print_name(rule->chain, out);
	if (!rule->plain)
		fputs(" (condition)", out);
	if (*rule->target)
		fputs(rule->goes ? " -g " : " -j ", out);
	print_name(rule->target, out);
	fputc('\n', out);
}

static void print_outlines(const struct nf_table *t, FILE *out)
{
	size_t i;

	fprintf(out, "*%s\n", t->name);
	for (i = 0; i < t->n_chains; i++) {
		if (!chain_is_ours(t->chains[i].name))
			continue;
		fputc(':', out);
		print_name(t->chains[i].name, out);
		fputc('\n', out);
	}
	for (i = 0; i < t->n_rules; i++)
		if (!chain_is_ours(t->rules[i].chain))
			print_outline(&t->rules[i], out);
}

/* Has iptables print chains: only ours, or only one. Returns what it printed, or NULL if it cannot
 * print all of it. */
static char *translate(int family, const char *table, const struct table_text_lines *chains)
{
	struct run_result r;
	struct err ignored;
	char *text, *out = NULL;
	size_t len, i;
	FILE *in = buffer_open(&text, &len);
	int ret;

	fprintf(in, "*%s\n", table);
	for (i = 0; i < chains->n; i++)
		fprintf(in, "-S %s\n", chains->v[i]);
	fputs("COMMIT\n", in);
	buffer_close(in);
	ret = command_run_list(PLACE_COMPAT, family, text, len, &r, &ignored);
	if (!ret)
		out = alloc_text(r.out, r.out_len);
	run_free(&r);
	free(text);
	return out;
}

static uint64_t hash_handles(const struct nf_table *t)
{
	uint64_t h = HASH_START;
	size_t i;

	for (i = 0; i < t->n_rules; i++)
		if (chain_is_ours(t->rules[i].chain))
			h = hash_bytes(h, &t->rules[i].handle, sizeof(t->rules[i].handle));
	return h;
}

int compat_table_read(int family, const char *table, struct table_text *text, struct err *err)
{
	struct nf_table t = { .family = family, .name = table };
	char *outlines, *ours = NULL, *all;
	uint64_t handles;
	size_t len;
	FILE *out;
	int ret = nf_tables_read(&t);

	if (ret)
		return compat_failed(ret, "reading the rules", err);
	out = buffer_open(&outlines, &len);
	print_outlines(&t, out);
	buffer_close(out);
	handles = hash_handles(&t);
	nf_tables_free(&t);
	table_text_read(outlines, table, text);
	if (text->chains.n) {
		ours = translate(family, table, &text->chains);
		out = buffer_open(&all, &len);
		fprintf(out, "%s%s", outlines, ours ? ours : "");
		buffer_close(out);
		table_text_free(text);
		table_text_read(all, table, text);
		text->unreadable = !ours;
		text->handles = handles;
		free(all);
	}
	free(outlines);
	free(ours);
	return 0;
}

static uint64_t hash_name(uint64_t h, const char *name)
{
	return hash_bytes(h, name, strlen(name) + 1);
}

/* Chains that are empty count as well; the place of a jump among rules of others does not. */
static uint64_t digest_table(uint64_t h, const struct nf_table *t)
{
	const struct nf_rule *rule;
	size_t i;

	for (i = 0; i < t->n_chains; i++)
		if (chain_is_ours(t->chains[i].name))
			h = hash_name(h, t->chains[i].name);
	for (rule = t->rules; rule < t->rules + t->n_rules; rule++) {
		if (!chain_is_ours(rule->chain) && !(rule->jump && chain_is_ours(rule->target)))
			continue;
		h = hash_name(h, rule->chain);
		h = hash_bytes(h, &rule->handle, sizeof(rule->handle));
	}
	return h;
}

int compat_table_digest(uint64_t *digest, struct err *err)
{
	struct nf_table t;
	int n, ret = 0;

	*digest = HASH_START;
	for (n = 0; n < COMPAT_FAMILIES * COMPAT_TABLES && !ret; n++) {
		t = (struct nf_table){ .family = compat_families[n / COMPAT_TABLES],
				       .name = compat_tables[n % COMPAT_TABLES] };
		ret = nf_tables_read(&t);
		*digest = hash_bytes(*digest, &n, sizeof(n));
		if (!ret)
			*digest = digest_table(*digest, &t);
		nf_tables_free(&t);
	}
	return ret ? compat_failed(ret, "reading the rules", err) : 0;
}

/* The line with a number of those that begin in the same way; "" if there are fewer. */
static const char *nth_line(const char *text, const char *begin, size_t begin_len, size_t n)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (!strncmp(text, begin, begin_len) && !n--)
			break;
	return text;
}

char *compat_table_quote(int family, const struct table_text *text, const char *rule)
{
	size_t chain = table_text_chain_length(rule), before = 0, len, i;
	char *name = alloc_text(rule + 3, chain - 3), *all, *quote;
	const char *line;
	FILE *out;

	for (i = 0; i < text->others.n && text->others.v[i] != rule; i++)
		before += table_text_chain_length(text->others.v[i]) == chain &&
			  !strncmp(text->others.v[i], rule, chain);
	all = translate(family, text->table, &(struct table_text_lines){ &name, 1 });
	line = nth_line(all ? all : "", rule, chain, before);
	out = buffer_open(&quote, &len);
	if (table_text_same_target(line, rule))
		fprintf(out, "'%.*s'", (int)strcspn(line, "\n"), line);
	else
		fprintf(out, "rule %zu of %s", before + 1, name);
	buffer_close(out);
	free(name);
	free(all);
	return quote;
}

/* A chain that is to be deleted. */
struct doomed {
	int family;
	const char *table;
	char *name;
	size_t message; /* that deletes it */
	bool kept;      /* the kernel refuses it, because the chain is in use */
};

struct drop {
	struct nf_batch *batch;
	struct doomed *v;
	size_t n;
	size_t deleted[COMPAT_FAMILIES]; /* jumps, and chains that can be deleted or emptied */
	bool again;                      /* this is not the first try */
	char **kept;                     /* chains of an earlier try that stay */
	size_t n_kept;
};

static char *doomed_title(const struct doomed *d)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	fprintf(out, "IPv%c, table %s: chain %s", d->family == AF_INET ? '4' : '6', d->table,
		d->name);
	buffer_close(out);
	return text;
}

static bool is_kept(const struct drop *drop, const struct doomed *d)
{
	char *title = doomed_title(d);
	size_t i;

	for (i = 0; i < drop->n_kept && strcmp(drop->kept[i], title); i++)
		;
	free(title);
	return i < drop->n_kept;
}

static bool has_rules(const struct nf_table *t, const char *chain)
{
	size_t i;

	for (i = 0; i < t->n_rules && strcmp(t->rules[i].chain, chain); i++)
		;
	return i < t->n_rules;
}

static void drop_jump(struct drop *drop, const struct nf_table *t, const struct nf_rule *rule,
		      const struct table_text *want)
{
	char *line;
	size_t len;
	FILE *out;

	if (chain_is_ours(rule->chain) || !rule->jump || !chain_is_ours(rule->target))
		return;
	out = buffer_open(&line, &len);
	print_outline(rule, out);
	buffer_close(out);
	line[len - 1] = '\0';
	if (!table_text_jump_may_stay(want, line)) {
		nf_batch_delete_rule(drop->batch, t->family, t->name, rule->chain, rule->handle);
		drop->deleted[t->family != AF_INET]++;
	}
	free(line);
}

static void doom_chain(struct drop *drop, const struct nf_table *t, const char *name)
{
	struct doomed *d;

	drop->v = alloc_one_more(drop->v, drop->n, sizeof(*drop->v));
	d = &drop->v[drop->n++];
	*d = (struct doomed){ t->family, t->name, alloc_text(name, strlen(name)), 0, false };
	d->kept = is_kept(drop, d);
	nf_batch_delete_rule(drop->batch, t->family, t->name, name, 0);
	drop->deleted[t->family != AF_INET] += !d->kept || has_rules(t, name);
}

/* First the rules, then the chains: nothing may lead to a chain that is deleted. */
static int drop_collect(struct drop *drop, const struct compat_wanted *want)
{
	const struct table_text *wanted;
	struct nf_table t;
	size_t i;
	int n, ret = 0;

	for (n = 0; n < COMPAT_FAMILIES * COMPAT_TABLES && !ret; n++) {
		t = (struct nf_table){ .family = compat_families[n / COMPAT_TABLES],
				       .name = compat_tables[n % COMPAT_TABLES] };
		wanted = want->of[n / COMPAT_TABLES][n % COMPAT_TABLES];
		ret = nf_tables_read(&t);
		for (i = 0; i < t.n_rules; i++)
			drop_jump(drop, &t, &t.rules[i], wanted);
		for (i = 0; i < t.n_chains; i++)
			if (chain_is_ours(t.chains[i].name) &&
			    !table_text_has_chain(wanted, t.chains[i].name))
				doom_chain(drop, &t, t.chains[i].name);
		nf_tables_free(&t);
	}
	for (i = 0; i < drop->n; i++)
		if (!drop->v[i].kept)
			drop->v[i].message = nf_batch_delete_chain(drop->batch, drop->v[i].family,
								   drop->v[i].table,
								   drop->v[i].name);
	return ret;
}

/* Chains that are still in use when all has been read again will be kept in the next try. */
static void keep_used(struct drop *drop)
{
	size_t i;

	for (i = 0; i < drop->n; i++) {
		if (drop->v[i].kept || !nf_batch_refused(drop->batch, drop->v[i].message))
			continue;
		drop->kept = alloc_one_more(drop->kept, drop->n_kept, sizeof(*drop->kept));
		drop->kept[drop->n_kept++] = doomed_title(&drop->v[i]);
	}
}

static void drop_forget(struct drop *drop)
{
	while (drop->n)
		free(drop->v[--drop->n].name);
	free(drop->v);
	nf_batch_free(drop->batch);
	drop->v = NULL;
	memset(drop->deleted, 0, sizeof(drop->deleted));
}

static int drop_try(struct drop *drop, const struct compat_wanted *want,
		    bool changed[COMPAT_FAMILIES])
{
	int family, ret;

	drop->batch = nf_batch_new();
	ret = drop_collect(drop, want);
	if (!ret && (drop->deleted[0] || drop->deleted[1])) {
		ret = nf_batch_send(drop->batch);
		for (family = 0; family < COMPAT_FAMILIES && !ret; family++)
			changed[family] |= drop->deleted[family] > 0;
		if (ret == -EBUSY && drop->again)
			keep_used(drop);
		drop->again = true;
	}
	drop_forget(drop);
	return ret;
}

int compat_table_drop(const struct compat_wanted *want, bool changed[COMPAT_FAMILIES],
		      struct backend_report *report, struct err *err)
{
	struct drop drop = { 0 };
	int ret, tries = 0;

	do
		ret = drop_try(&drop, want, changed);
	while ((ret == -EBUSY || ret == -ENOENT || ret == -EINTR) && ++tries < DROP_TRIES);
	report->rest |= !ret && drop.n_kept;
	while (drop.n_kept) {
		if (!ret)
			backend_warn(report, "%s stays without rules: a map of others leads to it",
				     drop.kept[drop.n_kept - 1]);
		free(drop.kept[--drop.n_kept]);
	}
	free(drop.kept);
	if (ret)
		compat_failed(ret, "removing the rules", err);
	if (ret == -EPERM)
		err_hint(err, "needs root, and that no other program owns the table");
	return ret;
}
