// SPDX-License-Identifier: GPL-2.0-only
#include "args.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/nearest.h"

int args_fault(const struct cmd *cmd, const char *text, const char *hint, const char *fmt, ...)
{
	char quoted[256];
	va_list ap;

	fprintf(stderr, "secmarkctl %s: ", cmd->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (text)
		fprintf(stderr, ": '%s'", err_quote(quoted, sizeof(quoted), text));
	if (hint)
		fprintf(stderr, " (%s)\n", hint);
	else
		fprintf(stderr, " (see secmarkctl %s --help)\n", cmd->name);
	return USAGE;
}

static int unknown_option(const struct cmd *cmd, const char *word, const char *name)
{
	struct nearest nearest = NEAREST(name);
	const struct cmd_option *o;
	char found[128], hint[160];

	for (o = cmd->options; o->name; o++)
		nearest_offer(&nearest, o->name);
	nearest_offer(&nearest, "help");
	nearest_format(&nearest, found, sizeof(found));
	snprintf(hint, sizeof(hint), "did you mean --%s?", found);
	return args_fault(cmd, word, *found ? hint : NULL, "unknown option");
}

static bool is_option(const struct cmd_option *o, const char *name)
{
	if (!strncmp(name, "--", 2))
		return !strcmp(name + 2, o->name);
	return o->letter && name[1] == o->letter && !name[2];
}

/* Reads the option in argv[*i], and moves *i to its last word. */
static int parse_option(struct args *args, char **argv, int argc, int *i)
{
	const char *word = argv[*i], *equals = strchr(word, '='),
		   *value = equals ? equals + 1 : NULL;
	char name[64];
	int k;

	snprintf(name, sizeof(name), "%.*s", equals ? (int)(equals - word) : (int)strlen(word),
		 word);
	if (!strcmp(name, "--help") && !value) {
		args->help = true;
		return DONE;
	}
	for (k = 0; args->cmd->options[k].name; k++)
		if (is_option(&args->cmd->options[k], name))
			break;
	if (!args->cmd->options[k].name)
		return unknown_option(args->cmd, word, name + strspn(name, "-"));
	if (args->option[k])
		return args_fault(args->cmd, name, NULL, "given twice");
	if (!args->cmd->options[k].value && value)
		return args_fault(args->cmd, word, NULL, "this option has no value");
	if (args->cmd->options[k].value && !value) {
		if (*i + 1 == argc)
			return args_fault(args->cmd, word, NULL, "%s is missing",
					  args->cmd->options[k].value);
		value = argv[++*i];
	}
	args->option[k] = value ? value : "";
	return DONE;
}

int args_parse(struct args *args, const struct cmd *cmd, int argc, char **argv)
{
	int i, ret;

	*args = (struct args){ .cmd = cmd, .operand = argv };
	for (i = 0; i < argc && strcmp(argv[i], "--"); i++) {
		if (argv[i][0] != '-' || !argv[i][1]) {
			argv[args->n++] = argv[i];
			continue;
		}
		ret = parse_option(args, argv, argc, &i);
		if (ret)
			return ret;
	}
	for (i++; i < argc; i++)
		argv[args->n++] = argv[i];
	if (args->help)
		return DONE;
	if (args->n < cmd->min)
		return args_fault(cmd, NULL, NULL, "expected: %s", cmd->operands);
	if (cmd->max >= 0 && args->n > cmd->max)
		return args_fault(cmd, args->operand[cmd->max], NULL, "one word too many");
	return DONE;
}

int args_stdin_once(const struct args *args)
{
	int i, n = 0;

	for (i = 0; i < args->n; i++)
		n += !strcmp(args->operand[i], "-");
	return n > 1 ? args_fault(args->cmd, "-", "standard input is read once", "given twice") :
		       DONE;
}
