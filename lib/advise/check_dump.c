// SPDX-License-Identifier: GPL-2.0-only
#include "advise/check_dump.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "advise/check.h"
#include "base/nearest.h"
#include "dump/iptables_save.h"
#include "dump/nft_list.h"
#include "plan/value.h"

/* A text is no plan with so many lines at its beginning that no plan has. */
#define UNKNOWN_MAX 3

/* The text after "--NAME=", or the word after "--NAME"; NULL for another word */
static const struct dump_word *option_value(const struct dump_rule *rule, size_t i,
					    const char *name, struct dump_word *value)
{
	const struct dump_word *word = &rule->v[i];
	size_t len = strlen(name);

	if (strncmp(word->text, name, len))
		return NULL;
	if (word->text[len] == '=') {
		*value = (struct dump_word){ word->text + len + 1, word->col + len + 1 };
		return value;
	}
	return !word->text[len] && i + 1 < rule->n ? &rule->v[i + 1] : NULL;
}

/* The same for "-X" and "-XVALUE" */
static const struct dump_word *letter_value(const struct dump_rule *rule, size_t i, char letter,
					    struct dump_word *value)
{
	const struct dump_word *word = &rule->v[i];

	if (word->text[0] != '-' || word->text[1] != letter)
		return NULL;
	if (word->text[2]) {
		*value = (struct dump_word){ word->text + 2, word->col + 2 };
		return value;
	}
	return i + 1 < rule->n ? &rule->v[i + 1] : NULL;
}

/* Reads "-j TARGET" and "-m MATCH": are the options after it ours? Other matches and targets take
 * any text. */
static bool read_owner(const struct dump_rule *rule, size_t i, bool *ours)
{
	const struct dump_word *target, *match;
	struct dump_word value;

	target = letter_value(rule, i, 'j', &value);
	if (!target)
		target = option_value(rule, i, "--jump", &value);
	if (target) {
		*ours = !strcmp(target->text, "SECMARK") || !strcmp(target->text, "SECMARK2");
		return true;
	}
	match = letter_value(rule, i, 'm', &value);
	if (!match)
		match = option_value(rule, i, "--match", &value);
	if (match)
		*ours = !strcmp(match->text, "secmark2");
	return match;
}

static void check_rule(struct check *c, const struct dump *dump, const struct dump_rule *rule)
{
	const struct dump_word *word;
	struct dump_word value;
	bool ours = false;
	size_t i;

	for (i = 0; i < rule->n; i++) {
		if (read_owner(rule, i, &ours) || !ours)
			continue;
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

	if (!strncmp(name, "SECMARK", strlen("SECMARK")))
		diag_add(c->diag, DIAG_WARNING, pos, name, "also check the output of iptables-save",
			 "nft does not show the context of this iptables-nft rule");
}

int check_nft(struct check *c, const char *file, const char *text, size_t len)
{
	static const struct nft_list_ops ops = { nft_context, nft_target };
	size_t before = c->diag->errors;

	nft_list_read(file, text, len, &ops, c, c->diag);
	return c->diag->errors > before ? -EINVAL : 0;
}

static bool check_dump_is_one_of(const char *word, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(word, *names))
			return true;
	return false;
}

/* The beginning of a command of iptables or nft, of their arguments, or a rule behind a word */
static bool is_command(const char *word, const char *second)
{
	static const char *const commands[] = { "sudo", "nft", "-t", "-A", "-I", "-D", NULL };
	const char *slash = strrchr(word, '/');

	word = slash ? slash + 1 : word;
	return check_dump_is_one_of(word, commands) || !strncmp(word, "iptables", 8) ||
	       !strncmp(word, "ip6tables", 9) || *second == '*' || !strcmp(second, "-A");
}

/* The first word of a line of a script, of what iptables -S and -L print, or of XML */
static bool is_of_script(const char *word, const char *line)
{
	static const char *const words[] = {
		"if",     "then",  "else",   "fi",      "for",      "while", "until",    "do",
		"done",   "case",  "esac",   "set",     "unset",    "echo",  "printf",   "export",
		"local",  "exit",  "return", "cd",      "test",     "[",     "[[",       "}",
		"source", ".",     "exec",   "trap",    "readonly", "sleep", "modprobe", "sysctl",
		"Chain",  "-P",    "-N",     "-F",      "-X",       "-Z",    "-E",       "-R",
		"ufw",    "ipset", "doas",   "declare", "function", NULL,
	};
	size_t name = strspn(word,
			     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

	return strchr("$<", word[0]) || (name && word[name] == '=') || strstr(line, " -j ") ||
	       strstr(line, " -A ") || check_dump_is_one_of(word, words);
}

/* Is it a keyword of plans, or nearly one? */
static bool is_like_keyword(const char *word)
{
	char lower[64];
	struct nearest nearest = NEAREST(lower);
	size_t i;

	plan_to_lower(lower, sizeof(lower), word);
	for (i = 0; plan_keywords[i]; i++)
		nearest_offer(&nearest, plan_keywords[i]);
	return nearest.count;
}

/* The program that reads a text, by its first line; CHECK_AUTO where others must tell */
static enum check_format recognise_program(const char *line)
{
	if (strncmp(line, "#!", 2) || strstr(line, "secmarkctl"))
		return CHECK_AUTO;
	if (strstr(line, "nft"))
		return CHECK_NFT;
	return strstr(line, "tables-restore") ? CHECK_IPTABLES : CHECK_COMMANDS;
}

void check_refuse_commands(struct diag *diag, const char *file)
{
	diag_add(diag, DIAG_ERROR, (struct pos){ .file = file }, NULL,
		 "expected what iptables-save or nft list ruleset prints after they have run",
		 "commands, or parts of rules, cannot be read");
}

/* What a line without its comment looks like; CHECK_AUTO where another one must tell. It counts the
 * lines that no plan has. */
static enum check_format recognise_line(const char *line, unsigned int *unknown)
{
	static const char *const verbs[] = {
		"add",     "create", "insert", "replace", "delete",
		"destroy", "flush",  "reset",  "rename",  NULL,
	};
	static const char *const objects[] = {
		"table", "chain", "rule",    "set",      "map", "element", "flowtable", "counter",
		"quota", "limit", "secmark", "synproxy", "ct",  "ruleset", NULL,
	};
	static const char *const families[] = {
		"ip", "ip6", "inet", "arp", "bridge", "netdev", NULL
	};
	char word[16] = "", second[16] = "", third[16] = "";

	sscanf(line, "%15s %15s %15s", word, second, third);
	if (line[0] == '*' || line[0] == ':')
		return CHECK_IPTABLES;
	if (line[0] == '{' || !strcmp(word, "define") || !strcmp(word, "redefine") ||
	    (check_dump_is_one_of(word, verbs) && check_dump_is_one_of(second, objects)))
		return CHECK_NFT;
	/* plans have these two as well: "table mangle", and names of files without quotes */
	if (!strcmp(word, "table") &&
	    (strchr(line, '{') || (*third && check_dump_is_one_of(second, families))))
		return CHECK_NFT;
	if (!strcmp(word, "include") && second[0] == '"')
		return CHECK_AUTO;
	/* the second word of a plan's line may be a pattern, or wrong */
	if (plan_is_keyword(word))
		return CHECK_PLAN;
	if (is_command(word, second) || is_of_script(word, line))
		return CHECK_COMMANDS;
	if (is_like_keyword(word))
		return CHECK_PLAN;
	return ++*unknown < UNKNOWN_MAX ? CHECK_AUTO : CHECK_COMMANDS;
}

enum check_format check_recognise(const char *text, size_t len)
{
	const char *end = text + len, *next;
	enum check_format format = CHECK_AUTO;
	bool first = true, binary = memchr(text, 0, len);
	unsigned int unknown = 0;
	char line[256];
	size_t n;

	for (; text < end; text = next) {
		next = memchr(text, '\n', end - text);
		next = next ? next + 1 : end;
		while (text < next && (*text == ' ' || *text == '\t' || *text == '\r'))
			text++;
		n = (size_t)(next - text) < sizeof(line) ? (size_t)(next - text) : sizeof(line) - 1;
		memcpy(line, text, n);
		line[n] = '\0';
		if (first)
			format = recognise_program(line);
		first = false;
		line[strcspn(line, "#\n")] = '\0';
		if (*line && format == CHECK_AUTO)
			format = recognise_line(line, &unknown);
		/* its NUL bytes are told */
		if (format == CHECK_COMMANDS && binary)
			return CHECK_PLAN;
		if (format != CHECK_AUTO)
			return format;
	}
	return CHECK_PLAN;
}
