/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ARGS_H
#define SECMARK2_ARGS_H

#include <stdbool.h>

#include "cmd.h"

#define ARGS_OPTIONS_MAX 16

/* A command line, read. */
struct args {
	const struct cmd *cmd;
	/* as in the command's table; NULL where not given; the empty string where it has no value
	 */
	const char *option[ARGS_OPTIONS_MAX];
	char **operand;
	int n;
	bool help;
};

/**
 * args_parse - read what stands behind a subcommand's name
 * @args: where to
 * @cmd:  the subcommand
 * @argc: how many words
 * @argv: the words: reordered, the operands in front
 *
 * Options are --NAME, --NAME VALUE or --NAME=VALUE, anywhere before a "--";
 * each once. They are not abbreviated: a script would break with the next
 * option that begins alike. "-" is an operand.
 *
 * Returns DONE, or USAGE: it has said why.
 */
int args_parse(struct args *args, const struct cmd *cmd, int argc, char **argv);

/* Says what is wrong with the command line, of which text is a part, or NULL; hint may be NULL.
 * Returns USAGE. */
int args_fault(const struct cmd *cmd, const char *text, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Refuses "-" as more than one operand. Returns DONE or USAGE. */
int args_stdin_once(const struct args *args);

#endif
