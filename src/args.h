/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ARGS_H
#define SECMARK2_ARGS_H

#include <stdbool.h>

#include "cmd.h"

#define ARGS_OPTIONS_MAX 16

/* The command line after args_parse(). */
struct args {
	const struct cmd *cmd;
	/* in the order of the command's table: NULL if not given, "" if it takes no value */
	const char *option[ARGS_OPTIONS_MAX];
	char **operand;
	int n;
	bool help;
};

/**
 * args_parse - read the words that follow a subcommand's name
 * @args: filled
 * @cmd:  the subcommand
 * @argc: the number of words
 * @argv: the words; on return the operands come first
 *
 * Options are --NAME, --NAME VALUE or --NAME=VALUE, anywhere before a "--",
 * and each may be given once. They cannot be abbreviated: scripts would break
 * when an option with the same beginning is added. "-" is an operand.
 *
 * Returns DONE, or USAGE after it has printed why.
 */
int args_parse(struct args *args, const struct cmd *cmd, int argc, char **argv);

/* Prints what is wrong with the command line. text is the wrong part of it; text and hint may be
 * NULL. Returns USAGE. */
int args_fault(const struct cmd *cmd, const char *text, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Refuses the n-th operand. Returns USAGE. */
int args_unexpected(const struct args *args, int n);

/* Refuses a second "-" among the operands. Returns DONE or USAGE. */
int args_stdin_once(const struct args *args);

#endif
