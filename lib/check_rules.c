// SPDX-License-Identifier: GPL-2.0-only
#include "check_rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dump.h"
#include "nft_contexts.h"

/* The text behind "--NAME=" or in the word behind "--NAME"; NULL for another word */
static const struct dump_word *option_value(const struct dump_rule *rule, size_t i, const char *name,
					    struct dump_word *value)
{
	const struct dump_word *word = &rule->v[i];
	size_t len = strlen(name);

	if (strncmp(word->text, name, len) != 0)
		return NULL;
	if (word->text[len] == '=') {
		*value = (struct dump_word){ word->text + len + 1, word->col + len + 1 };
		return value;
	}
	return !word->text[len] && i + 1 < rule->n ? &rule->v[i + 1] : NULL;
}

static void check_rule(struct check *c, const struct dump *dump, const struct dump_rule *rule)
{
	const struct dump_word *word;
	struct dump_word value;
	size_t i;

	for (i = 0; i < rule->n; i++) {
		if (strcmp(rule->v[i].text, "--comment") == 0 || strcmp(rule->v[i].text, "--log-prefix") == 0) {
			i++;
			continue;
		}
		word = option_value(rule, i, "--selctx", &value);
		if (word) {
			check_context(c, dump_pos(dump, rule, word), word->text);
			continue;
		}
		word = option_value(rule, i, "--seltype", &value);
		if (word)
			check_type(c, dump_pos(dump, rule, word), word->text);
	}
}

int check_iptables(struct check *c, const char *file, const char *text, size_t len)
{
	size_t before = c->diag->errors, i;
	struct dump dump;

	dump_read(file, text, len, &dump, c->diag);
	for (i = 0; i < dump.n; i++)
		check_rule(c, &dump, &dump.rules[i]);
	dump_free(&dump);
	return c->diag->errors > before ? -EINVAL : 0;
}

static void nft_context(void *arg, struct pos pos, const char *context)
{
	check_context(arg, pos, context);
}

static void nft_target(void *arg, struct pos pos, const char *name)
{
	struct check *c = arg;

	if (strncmp(name, "SECMARK", strlen("SECMARK")) == 0)
		diag_add(c->diag, DIAG_WARNING, pos, name, "check the output of iptables-save",
			 "a rule of iptables-nft, whose context nft does not show");
}

int check_nft(struct check *c, const char *file, const char *text, size_t len)
{
	static const struct nft_contexts_ops ops = { nft_context, nft_target };
	size_t before = c->diag->errors;

	nft_contexts_read(file, text, len, &ops, c, c->diag);
	return c->diag->errors > before ? -EINVAL : 0;
}

/* Copies the first line that is not a comment. */
static void first_line(const char *text, size_t len, char *line, size_t size)
{
	const char *end = text + len, *next;
	size_t n;

	for (line[0] = '\0'; text < end; text = next) {
		next = memchr(text, '\n', end - text);
		next = next ? next + 1 : end;
		while (text < next && (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n'))
			text++;
		if (text == next || *text == '#')
			continue;
		n = (size_t)(next - text) < size ? (size_t)(next - text) : size - 1;
		memcpy(line, text, n);
		line[n] = '\0';
		return;
	}
}

enum check_format check_recognise(const char *text, size_t len)
{
	static const char *const nft_verbs[] = {
		"add", "create", "insert", "replace", "delete", "destroy", "flush", "define", "redefine",
	};
	char line[256], word[16], second[16], third[16], rest;
	int n;
	size_t i;

	first_line(text, len, line, sizeof(line));
	if (line[0] == '*' || line[0] == ':')
		return CHECK_IPTABLES;
	if (line[0] == '{')
		return CHECK_NFT;
	n = sscanf(line, "%15s %15s %15s %c", word, second, third, &rest);
	for (i = 0; n > 0 && i < sizeof(nft_verbs) / sizeof(nft_verbs[0]); i++)
		if (strcmp(word, nft_verbs[i]) == 0)
			return CHECK_NFT;
	/* plans have it as well: "table mangle", and names of files without quotes */
	if (n > 2 && strcmp(word, "table") == 0 && third[0] != '#' && second[0] != '#')
		return CHECK_NFT;
	if (n > 1 && strcmp(word, "include") == 0 && second[0] == '"')
		return CHECK_NFT;
	return CHECK_PLAN;
}
