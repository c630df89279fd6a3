// SPDX-License-Identifier: GPL-2.0-only
/* secmarkctl: one subcommand a file, which this table names; the table is the usage text. */
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

static const struct cmd *const cmds[] = {
	&cmd_apply, &cmd_check,  &cmd_confirm, &cmd_convert, &cmd_diff,
	&cmd_gen,   &cmd_lookup, &cmd_remove,  &cmd_show,    &cmd_status,
};

#define CMDS (sizeof(cmds) / sizeof(cmds[0]))

static void print_usage(FILE *out)
{
	size_t i;

	fprintf(out, "usage: secmarkctl COMMAND ...\n\n");
	for (i = 0; i < CMDS; i++)
		fprintf(out, "  %-10s%s\n", cmds[i]->name, cmds[i]->help);
	fprintf(out, "\nsecmarkctl COMMAND --help has the options of a command, secmarkctl(8) the "
		     "rest.\n");
}

static void print_option(const struct cmd_option *o)
{
	char text[64];

	snprintf(text, sizeof(text), "--%s%s%s%s%c", o->name, o->value ? " " : "",
		 o->value ? o->value : "", o->letter ? ", -" : "", o->letter);
	printf("  %-20s%s\n", text, o->help);
}

static void print_help(const struct cmd *cmd)
{
	static const struct cmd_option help = { "help", NULL, "print this", 0 };
	const struct cmd_option *o;

	printf("usage: secmarkctl %s%s%s%s\n\n%s\n\n", cmd->name,
	       cmd->options->name ? " [OPTION...]" : "", *cmd->operands ? " " : "", cmd->operands,
	       cmd->help);
	for (o = cmd->options; o->name; o++)
		print_option(o);
	print_option(&help);
}

static int unknown_command(const char *name)
{
	struct nearest nearest = NEAREST(name);
	char found[128], quoted[128];
	size_t i;

	for (i = 0; i < CMDS; i++)
		nearest_offer(&nearest, cmds[i]->name);
	nearest_format(&nearest, found, sizeof(found));
	fprintf(stderr, "secmarkctl: unknown command: '%s' (%s%s%s)\n",
		err_quote(quoted, sizeof(quoted), name),
		*found ? "did you mean " : "see secmarkctl --help", found, *found ? "?" : "");
	return USAGE;
}

static int run(const struct cmd *cmd, int argc, char **argv)
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

static int dispatch(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		print_usage(stderr);
		return USAGE;
	}
	if (!strcmp(argv[1], "--help")) {
		print_usage(stdout);
		return DONE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("secmarkctl " SECMARK2_VERSION);
		return DONE;
	}
	for (i = 0; i < CMDS; i++)
		if (!strcmp(argv[1], cmds[i]->name))
			return run(cmds[i], argc - 2, argv + 2);
	return unknown_command(argv[1]);
}

/* Where one of the three is closed, the next file that is opened would take its place,
 * and be read or written as if it were that one. */
static bool hold_place(int fd)
{
	if (fcntl(fd, F_GETFD) >= 0)
		return true;
	/* the wrong way round: each use is an error */
	return open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == fd;
}

int main(int argc, char **argv)
{
	bool closed = fcntl(STDOUT_FILENO, F_GETFD) < 0;
	int ret;

	if (!hold_place(STDIN_FILENO) || !hold_place(STDOUT_FILENO) || !hold_place(STDERR_FILENO))
		return FAILED;
	/* before anything is changed */
	if (closed) {
		fprintf(stderr, "secmarkctl: standard output: %s\n", strerror(EBADF));
		return FAILED;
	}
	ret = dispatch(argc, argv);
	/* an answer that did not arrive is none */
	errno = 0;
	if (ferror(stdout) | fclose(stdout)) {
		fprintf(stderr, "secmarkctl: standard output: %s\n", strerror(errno ? errno : EIO));
		return FAILED;
	}
	return ret;
}
