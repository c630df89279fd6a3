// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/table_text.h"

#include <stdlib.h>
#include <string.h>

#include "packet/proto.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "xtables/builtin.h"
#include "xtables/chain.h"
#include "xtables/foreign_chains.h"

#define RULE "-A "

static void table_text_add_line(struct table_text_lines *l, const char *text, size_t len)
{
	l->v = alloc_one_more(l->v, l->n, sizeof(*l->v));
	l->v[l->n++] = alloc_text(text, len);
}

static void lines_free(struct table_text_lines *l)
{
	while (l->n)
		free(l->v[--l->n]);
	free(l->v);
	l->v = NULL;
}

/* The length of a word. */
static size_t word_length(const char *text)
{
	return strcspn(text, " \n");
}

static bool word_is(const char *text, const char *want)
{
	return word_length(text) == strlen(want) && !strncmp(text, want, strlen(want));
}

/* The name of the chain that a rule is in. */
static const char *chain_of(const char *rule)
{
	return rule + strlen(RULE);
}

/* Where a rule goes: the word after -j or -g, or "". Only a quoted comment could have these before.
 */
static const char *target_of(const char *rule)
{
	bool quoted = false;
	const char *p;

	for (p = rule; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (!quoted && (!strncmp(p, " -j ", 4) || !strncmp(p, " -g ", 4)))
			return p + 4;
	}
	return p;
}

static int compare_words(const char *a, const char *b)
{
	size_t na = word_length(a), nb = word_length(b);
	int ret = strncmp(a, b, na < nb ? na : nb);

	return ret ? ret : (int)na - (int)nb;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A rule, and its place among all rules, because qsort is not stable. */
struct place {
	char *rule;
	size_t at;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int ret = compare_words(chain_of(x->rule), chain_of(y->rule));

	return ret ? ret : x->at < y->at ? -1 : 1;
}

static void sort_rules(struct table_text *s)
{
	struct place *places = alloc_zeroed(s->rules.n + 1, sizeof(*places));
	size_t i;

	for (i = 0; i < s->rules.n; i++)
		places[i] = (struct place){ s->rules.v[i], i };
	qsort(places, s->rules.n, sizeof(*places), compare_places);
	for (i = 0; i < s->rules.n; i++)
		s->rules.v[i] = places[i].rule;
	free(places);
	if (s->chains.n)
		qsort(s->chains.v, s->chains.n, sizeof(*s->chains.v), compare_names);
}

/* Adds a rule of ours with its protocol as chain_print_rule() writes it: which name iptables-save
 * has for it depends on the version of iptables and on protocols(5). */
static void add_our_rule(struct table_text_lines *rules, const char *line, size_t len)
{
	static const char option[] = " -p ";
	char *rule = alloc_text(line, len), *at = strstr(rule, option), *name, *text;
	size_t n = at ? word_length(at + strlen(option)) : 0, size;
	FILE *out;

	name = alloc_text(n ? at + strlen(option) : "", n);
	if (proto_of_iptables(name) > 0) {
		out = buffer_open(&text, &size);
		fprintf(out, "%.*s", (int)(at - rule), rule);
		chain_print_proto(proto_of_iptables(name), out);
		fputs(at + strlen(option) + n, out);
		buffer_close(out);
		free(rule);
		rule = text;
	}
	table_text_add_line(rules, rule, strlen(rule));
	free(name);
	free(rule);
}

static void add_saved_line(struct table_text *s, const char *line, size_t len)
{
	char *copy;

	if (*line == ':' && chain_is_ours(line + 1)) {
		table_text_add_line(&s->chains, line + 1, word_length(line + 1));
	} else if (!strncmp(line, RULE, strlen(RULE))) {
		if (chain_is_ours(chain_of(line))) {
			add_our_rule(&s->rules, line, len);
			return;
		}
		copy = alloc_text(line, len);
		if (chain_is_ours(target_of(copy)))
			table_text_add_line(&s->jumps, line, len);
		table_text_add_line(&s->others, line, len);
		free(copy);
	}
}

void table_text_read(const char *text, const char *table, struct table_text *saved)
{
	bool inside = false;
	size_t len;

	*saved = (struct table_text){ .table = table };
	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (*text == '*')
			inside = word_is(text + 1, table);
		else if (inside)
			add_saved_line(saved, text, len);
	}
	sort_rules(saved);
}

void table_text_of(const struct chain_set *set, struct table_text *saved)
{
	char *text;
	size_t len, i, j;
	FILE *out;

	*saved = (struct table_text){ .table = set->table };
	out = open_memstream(&text, &len);
	for (i = 0; i < set->n; i++) {
		table_text_add_line(&saved->chains, set->v[i].name, strlen(set->v[i].name));
		for (j = 0; j < set->v[i].n; j++) {
			rewind(out);
			chain_print_rule(set, &set->v[i], &set->v[i].rules[j], out);
			fflush(out);
			table_text_add_line(&saved->rules, text, len);
		}
		if (!set->v[i].hook)
			continue;
		rewind(out);
		fprintf(out, RULE "%s -j %s", set->v[i].hook, set->v[i].name);
		fflush(out);
		table_text_add_line(&saved->jumps, text, len);
	}
	fclose(out);
	free(text);
	sort_rules(saved);
}

bool table_text_any(const struct table_text *saved)
{
	return saved->chains.n || saved->jumps.n;
}

/* Does a jump in the list have the same chain and target, whatever its condition? */
static bool has_jump(const struct table_text_lines *jumps, const char *jump)
{
	size_t i;

	for (i = 0; i < jumps->n; i++)
		if (compare_words(chain_of(jumps->v[i]), chain_of(jump)) == 0 &&
		    compare_words(target_of(jumps->v[i]), target_of(jump)) == 0)
			return true;
	return false;
}

static bool text_is_built_in(const char *chain)
{
	size_t i;

	for (i = 0; builtin_hooks[i] && !word_is(chain, builtin_hooks[i]); i++)
		;
	return builtin_hooks[i];
}

/* Does the rule fit all packets: "-A CHAIN -j TARGET"? */
static bool text_is_plain(const char *rule)
{
	return target_of(rule) == chain_of(rule) + word_length(chain_of(rule)) + strlen(" -j ");
}

/* Does a rule end the table for the packets that it matches, or the built-in chain that it is in?
 */
static bool text_rule_ends(const char *rule)
{
	const char *target = target_of(rule);
	bool built_in = text_is_built_in(chain_of(rule)), end;
	char *name;

	if (word_is(target, TABLE_TEXT_MAP) ||
	    (built_in && (word_is(target, "RETURN") || !strncmp(target - 3, "-g ", 3))))
		return true;
	name = alloc_text(target, word_length(target));
	end = builtin_ends_table(name) || strstr(target, " --accept");
	free(name);
	return end;
}

static struct foreign_name word_at(const char *text)
{
	return (struct foreign_name){ text, word_length(text) };
}

static struct foreign_chains *foreign_chains_of(const struct table_text *saved)
{
	struct foreign_chains *chains = foreign_chains_new();
	size_t i;

	for (i = 0; i < saved->others.n; i++) {
		const char *rule = saved->others.v[i];

		foreign_chains_add(chains, word_at(chain_of(rule)), word_at(target_of(rule)),
				   &(struct foreign_rule){ rule, text_is_plain(rule),
							   text_rule_ends(rule) });
	}
	return chains;
}

/* Does the jump's hook lead to the jump's target? A user may have placed the jump in another chain.
 */
static bool leads_there(const struct table_text *have, const char *jump)
{
	struct foreign_chains *chains;
	bool lead;

	if (has_jump(&have->jumps, jump))
		return true;
	chains = foreign_chains_of(have);
	lead = foreign_chains_lead(chains, word_at(chain_of(jump)), word_at(target_of(jump)));
	foreign_chains_free(chains);
	return lead;
}

/* strcmp() orders names of chains in the same way */
static int compare_word_with_name(const void *text, const void *name)
{
	return compare_words(text, *(char *const *)name);
}

bool table_text_has_chain(const struct table_text *saved, const char *name)
{
	return saved->chains.n && bsearch(name, saved->chains.v, saved->chains.n,
					  sizeof(*saved->chains.v), compare_word_with_name);
}

bool table_text_jump_may_stay(const struct table_text *want, const char *jump)
{
	return has_jump(&want->jumps, jump) ||
	       (!text_is_built_in(chain_of(jump)) && table_text_has_chain(want, target_of(jump)));
}

static bool same_lines(const struct table_text_lines *a, const struct table_text_lines *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n && !strcmp(a->v[i], b->v[i]); i++)
		;
	return i == a->n && i == b->n;
}

bool table_text_same(const struct table_text *have, const struct table_text *want)
{
	size_t i;

	if (have->unreadable)
		return want->unreadable && have->handles == want->handles;
	for (i = 0; i < want->jumps.n; i++)
		if (!leads_there(have, want->jumps.v[i]))
			return false;
	for (i = 0; i < have->jumps.n; i++)
		if (!table_text_jump_may_stay(want, have->jumps.v[i]))
			return false;
	return same_lines(&have->chains, &want->chains) && same_lines(&have->rules, &want->rules);
}

size_t table_text_chain_length(const char *rule)
{
	return strlen(RULE) + word_length(chain_of(rule));
}

bool table_text_same_target(const char *a, const char *b)
{
	return compare_words(target_of(a), target_of(b)) == 0;
}

/* Adds a missing jump: where it was, if that is known, else at the end. */
static void add_jump(const struct table_text *want, const char *jump, FILE *out)
{
	const char *chain = chain_of(jump);
	size_t place = 1, i;

	for (i = 0; i < want->others.n && strcmp(want->others.v[i], jump); i++)
		place += compare_words(chain_of(want->others.v[i]), chain) == 0;
	if (i < want->others.n)
		fprintf(out, "-I %.*s %zu%s\n", (int)word_length(chain), chain, place,
			chain + word_length(chain));
	else
		fprintf(out, "%s\n", jump);
}

/* Can iptables-restore declare a chain? Only nf_tables has longer names, and other bytes in them.
 */
static bool is_chain_of_iptables(const char *name)
{
	return strlen(name) < CHAIN_NAME_MAX + 1 && !strchr(name, '?');
}

static void print_deletions(const struct table_text *have, const struct table_text *want, FILE *out)
{
	size_t i;

	for (i = 0; i < have->jumps.n; i++)
		if (!table_text_jump_may_stay(want, have->jumps.v[i]))
			fprintf(out, "-D %s\n", chain_of(have->jumps.v[i]));
	for (i = 0; i < have->chains.n; i++)
		if (!table_text_has_chain(want, have->chains.v[i]))
			fprintf(out, "-X %s\n", have->chains.v[i]);
}

void table_text_change(const struct table_text *have, const struct table_text *want, bool drop,
		       FILE *out)
{
	size_t i;

	fprintf(out, "*%s\n", want->table);
	/* to declare an existing chain empties it; so nothing refers to the chains that are deleted
	 */
	for (i = 0; i < want->chains.n; i++)
		fprintf(out, ":%s - [0:0]\n", want->chains.v[i]);
	for (i = 0; i < have->chains.n; i++)
		if (!table_text_has_chain(want, have->chains.v[i]) &&
		    is_chain_of_iptables(have->chains.v[i]))
			fprintf(out, ":%s - [0:0]\n", have->chains.v[i]);
	for (i = 0; i < want->rules.n; i++)
		fprintf(out, "%s\n", want->rules.v[i]);
	for (i = 0; i < want->jumps.n; i++)
		if (!leads_there(have, want->jumps.v[i]))
			add_jump(want, want->jumps.v[i], out);
	if (drop)
		print_deletions(have, want, out);
	fputs("COMMIT\n", out);
}

bool table_text_shared(const struct table_text *saved, const char *hook)
{
	size_t i;

	for (i = 0; i < saved->others.n; i++)
		if (word_is(chain_of(saved->others.v[i]), hook) &&
		    !chain_is_ours(target_of(saved->others.v[i])))
			return true;
	return false;
}

const char *table_text_ends_before(const struct table_text *saved, const char *hook)
{
	struct foreign_chains *chains = foreign_chains_of(saved);
	const char *rule = foreign_chains_find_end(chains, word_at(hook), chain_is_ours);

	foreign_chains_free(chains);
	return rule;
}

const char *table_text_condition(const struct table_text *saved, const char *hook)
{
	const char *found = NULL, *rule;
	size_t i;

	for (i = 0; i < saved->others.n; i++) {
		rule = saved->others.v[i];
		if (!word_is(chain_of(rule), hook) || !chain_is_ours(target_of(rule)))
			continue;
		if (text_is_plain(rule))
			return NULL;
		found = rule;
	}
	return found;
}

void table_text_free(struct table_text *saved)
{
	lines_free(&saved->chains);
	lines_free(&saved->rules);
	lines_free(&saved->jumps);
	lines_free(&saved->others);
}
