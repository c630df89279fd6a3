// SPDX-License-Identifier: GPL-2.0-only
/*
 * listed NAME REVISION [size=N] [FIELD=VALUE]...
 *
 * Prints how the plugin of that name lists and saves a rule with these bytes. As iptables-nft does,
 * it finds the plugin by the name, and not by the revision. size=N: of the data.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xtables.h>

/* The layouts are written down here again on purpose: an old plugin meets later ones. */
static const struct layout {
	const char *name;
	int revision; /* -1: every one that no line above has */
	size_t size;
	struct field {
		const char *name;
		size_t offset;
	} fields[5]; /* the last used one is followed by a NULL name */
} layouts[] = {
	{ "SECMARK", 0, 264, { { "mode", 0 }, { "secctx", 8 } } },
	{ "SECMARK", -1, 264, { { "mode", 0 }, { "secctx", 1 } } },
	{ "SECMARK2",
	  -1,
	  264,
	  { { "mode", 0 }, { "secctx", 1 }, { "flags", 257 }, { "pad", 259 } } },
	{ "secmark2",
	  -1,
	  264,
	  { { "mode", 0 }, { "secctx", 1 }, { "flags", 257 }, { "pad", 259 } } },
	{ "CONNSECMARK", -1, 1, { { "mode", 0 } } },
	{ "CONNSECMARK2", -1, 4, { { "mode", 0 }, { "flags", 1 }, { "pad", 3 } } },
};

static union {
	struct xt_entry_target target;
	struct xt_entry_match match;
	char bytes[sizeof(struct xt_entry_target) + 264];
} rule;

static void __attribute__((noreturn, format(printf, 2, 3)))
listed_die(enum xtables_exittype status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(status);
}

/* as for iptables-translate, every kernel has everything */
static int offers_all(const char *name, uint8_t revision, int opt)
{
	(void)name;
	(void)revision;
	(void)opt;
	return 1;
}

static const struct layout *layout_find(const char *name, int revision)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++)
		if (!strcmp(layouts[i].name, name) &&
		    (layouts[i].revision == -1 || layouts[i].revision == revision))
			return &layouts[i];
	listed_die(PARAMETER_PROBLEM, "no layout: %s revision %d", name, revision);
}

/* WORD: FIELD=VALUE; secctx is a text, the others are numbers of one byte */
static void field_write(const struct layout *l, const char *word)
{
	size_t len = strcspn(word, "=");

	for (const struct field *f = l->fields; f->name; f++) {
		char *at = rule.bytes + sizeof(struct xt_entry_target) + f->offset;

		if (strlen(f->name) != len || strncmp(f->name, word, len) || !word[len])
			continue;
		if (!strcmp(f->name, "secctx"))
			memcpy(at, word + len + 1, strnlen(word + len + 1, 255));
		else
			*at = strtoul(word + len + 1, NULL, 0);
		return;
	}
	if (strncmp(word, "size=", 5))
		listed_die(PARAMETER_PROBLEM, "no such field: %s", word);
	rule.target.u.target_size = XT_ALIGN(sizeof(rule.target) + strtoul(word + 5, NULL, 0));
}

static void rule_print(const char *name)
{
	struct xtables_match *match = NULL;
	struct xtables_target *target = xtables_find_target(name, XTF_TRY_LOAD);

	if (!target)
		match = xtables_find_match(name, XTF_LOAD_MUST_SUCCEED, NULL);
	if (target)
		target->print(NULL, &rule.target, 0);
	else
		match->print(NULL, &rule.match, 0);
	printf("\n-%c %s", target ? 'j' : 'm', name);
	if (target)
		target->save(NULL, &rule.target);
	else
		match->save(NULL, &rule.match);
	printf("\n");
}

int main(int argc, char **argv)
{
	static struct xtables_globals globals = {
		.program_name = "listed",
		.program_version = "",
		.exit_err = listed_die,
		.compat_rev = offers_all,
	};
	const struct layout *layout;

	if (argc < 3)
		listed_die(PARAMETER_PROBLEM,
			   "usage: listed NAME REVISION [size=N] [FIELD=VALUE]...");
	xtables_init_all(&globals, NFPROTO_IPV4);
	layout = layout_find(argv[1], atoi(argv[2]));
	snprintf(rule.target.u.user.name, sizeof(rule.target.u.user.name), "%s", argv[1]);
	rule.target.u.user.revision = atoi(argv[2]);
	rule.target.u.target_size = XT_ALIGN(sizeof(rule.target) + layout->size);
	for (int i = 3; i < argc; i++)
		field_write(layout, argv[i]);
	rule_print(argv[1]);
	return 0;
}
