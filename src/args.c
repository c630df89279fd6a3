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

static int args_unknown_option(const struct cmd *cmd, const char *word, const char *name)
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

/* Where an option has no value, no text may follow it. Moves *i to the last word of the option. */
static int take_value(struct args *args, int k, const char *name, char **argv, int argc, int *i)
{
	const struct cmd_option *o = &args->cmd->options[k];
	const char *equals = strchr(argv[*i], '='), *value = equals ? equals + 1 : NULL;

	if (args->option[k])
		return args_fault(args->cmd, NULL, NULL, "option %s is given twice", name);
	if (!o->value && value)
		return args_fault(args->cmd, NULL, NULL, "option %s takes no value", name);
	if (o->value && !value) {
		if (*i + 1 == argc)
			return args_fault(args->cmd, NULL, NULL, "option %s needs a value: %s",
					  name, o->value);
		value = argv[++*i];
	}
	args->option[k] = value ? value : "";
	return DONE;
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
	const char *word = argv[*i], *equals = strchr(word, '=');
	char name[64];
	int k;

	snprintf(name, sizeof(name), "%.*s", equals ? (int)(equals - word) : (int)strlen(word),
		 word);
	if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
		args->help = true;
		return DONE;
	}
	for (k = 0; args->cmd->options[k].name; k++)
		if (is_option(&args->cmd->options[k], name))
			break;
	if (!args->cmd->options[k].name)
		return args_unknown_option(args->cmd, word, name + strspn(name, "-"));
	return take_value(args, k, name, argv, argc, i);
}

/* The operands that a command needs stand first in its synopsis, separated by blanks. */
static int missing_operand(const struct cmd *cmd, int n)
{
	const char *name = cmd->operands;
	int len;

	for (; n; n--)
		name += strcspn(name, " ") + 1;
	len = strcspn(name, " .");
	return args_fault(cmd, NULL, NULL, "missing argument: %.*s", len, name);
}

int args_unexpected(const struct args *args, int n)
{
	return args_fault(args->cmd, args->operand[n], NULL, "unexpected argument");
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
		return missing_operand(cmd, args->n);
	if (cmd->max >= 0 && args->n > cmd->max)
		return args_unexpected(args, cmd->max);
	return DONE;
}

int args_stdin_once(const struct args *args)
{
	int i, n = 0;

	for (i = 0; i < args->n; i++)
		n += !strcmp(args->operand[i], "-");
	if (n < 2)
		return DONE;
	return args_fault(args->cmd, NULL, NULL, "'-' is given twice: standard input is read once");
}
