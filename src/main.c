// SPDX-License-Identifier: GPL-2.0-only
/* secmarkctl: each subcommand is a file in cmd/, and the table of them is the usage text. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "base/err.h"
#include "base/nearest.h"
#include "cmd.h"

static int help(const struct args *args);

static const struct cmd_option help_options[] = {
	{ NULL, NULL, NULL, 0 },
};

static const struct cmd cmd_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.help = "list the commands, or the options of a command",
	.options = help_options,
	.max = 1,
	.run = help,
};

static const struct cmd *const cmds[] = {
	&cmd_applications, &cmd_apply,  &cmd_check,     &cmd_confirm, &cmd_convert, &cmd_diff,
	&cmd_explain,      &cmd_gen,    &cmd_help,      &cmd_init,    &cmd_learn,   &cmd_lookup,
	&cmd_metrics,      &cmd_policy, &cmd_preflight, &cmd_remove,  &cmd_show,    &cmd_status,
	&cmd_top,          &cmd_watch,  &cmd_who,
};

#define CMDS (sizeof(cmds) / sizeof(cmds[0]))

static void print_usage(FILE *out)
{
	size_t i;

	fprintf(out, "usage: secmarkctl COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n");
	for (i = 0; i < CMDS; i++)
		fprintf(out, "  %-14s%s\n", cmds[i]->name, cmds[i]->help);
	fprintf(out, "\nOptions:\n"
		     "  -h, --help     print this help\n"
		     "  -V, --version  print the version\n"
		     "\n\"secmarkctl help COMMAND\" lists the options of a command. "
		     "The manual page is secmarkctl(8).\n");
}

static void print_option(const struct cmd_option *o)
{
	char letter[] = "-x, ", text[64];

	letter[1] = o->letter;
	snprintf(text, sizeof(text), "%s--%s%s%s", o->letter ? letter : "    ", o->name,
		 o->value ? " " : "", o->value ? o->value : "");
	printf("  %-23s  %s\n", text, o->help);
}

static void print_help(const struct cmd *cmd)
{
	static const struct cmd_option common = { "help", NULL, "print this help", 'h' };
	const struct cmd_option *o;

	printf("usage: secmarkctl %s%s%s%s\n\n%s\n\n", cmd->name,
	       cmd->options->name ? " [OPTION...]" : "", *cmd->operands ? " " : "", cmd->operands,
	       cmd->help);
	for (o = cmd->options; o->name; o++)
		print_option(o);
	print_option(&common);
}

static int unknown_word(const char *what, const char *word, const struct nearest *nearest)
{
	char found[128], quoted[128];

	nearest_format(nearest, found, sizeof(found));
	fprintf(stderr, "secmarkctl: unknown %s: '%s' (%s%s%s)\n", what,
		err_quote(quoted, sizeof(quoted), word),
		*found ? "did you mean " : "see secmarkctl --help", found, *found ? "?" : "");
	return USAGE;
}

static int unknown_command(const char *name)
{
	struct nearest nearest = NEAREST(name);
	size_t i;

	for (i = 0; i < CMDS; i++)
		nearest_offer(&nearest, cmds[i]->name);
	return unknown_word("command", name, &nearest);
}

static int main_unknown_option(const char *word)
{
	struct nearest nearest = NEAREST(word);

	nearest_offer(&nearest, "--help");
	nearest_offer(&nearest, "--version");
	return unknown_word("option", word, &nearest);
}

static const struct cmd *main_find_command(const char *name)
{
	size_t i;

	for (i = 0; i < CMDS; i++)
		if (!strcmp(name, cmds[i]->name))
			return cmds[i];
	return NULL;
}

static int help(const struct args *args)
{
	const struct cmd *cmd;

	if (!args->n) {
		print_usage(stdout);
		return DONE;
	}
	cmd = main_find_command(args->operand[0]);
	if (!cmd)
		return unknown_command(args->operand[0]);
	print_help(cmd);
	return DONE;
}

static int run_subcommand(const struct cmd *cmd, int argc, char **argv)
{
	struct args args;
	int ret = args_parse(&args, cmd, argc, argv);

	if (ret)
		return ret;
	if (args.help) {
		print_help(cmd);
		return DONE;
	}
	return cmd->run(&args);
}

static int dispatch_subcommand(int argc, char **argv)
{
	const struct cmd *cmd;

	if (argc < 2) {
		print_usage(stderr);
		return USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_usage(stdout);
		return DONE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("secmarkctl " SECMARK2_VERSION);
		return DONE;
	}
	cmd = main_find_command(argv[1]);
	if (cmd)
		return run_subcommand(cmd, argc - 2, argv + 2);
	return argv[1][0] == '-' ? main_unknown_option(argv[1]) : unknown_command(argv[1]);
}

/* If one of the three standard files is closed, the next open() would take its number, and that
 * file would be read or written in its place. */
static bool hold_place(int fd)
{
	if (fcntl(fd, F_GETFD) >= 0)
		return true;
	/* in the wrong direction, so that each use of it fails */
	return open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == fd;
}

int main(int argc, char **argv)
{
	bool closed = fcntl(STDOUT_FILENO, F_GETFD) < 0;
	int ret;

	if (!hold_place(STDIN_FILENO) || !hold_place(STDOUT_FILENO) || !hold_place(STDERR_FILENO))
		return FAILED;
	/* before a command changes anything */
	if (closed) {
		fprintf(stderr, "secmarkctl: standard output: %s\n", strerror(EBADF));
		return FAILED;
	}
	ret = dispatch_subcommand(argc, argv);
	/* a full disk shows up here at the latest */
	errno = 0;
	if (ferror(stdout) | fclose(stdout)) {
		fprintf(stderr, "secmarkctl: standard output: %s\n", strerror(errno ? errno : EIO));
		return FAILED;
	}
	return ret;
}
