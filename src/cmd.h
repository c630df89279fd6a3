/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_CMD_H
#define SECMARK2_CMD_H

struct args;

/* How the program ends. */
enum {
	DONE = 0,
	FAILED = 1, /* or not clean */
	USAGE = 2,
};

struct cmd_option {
	const char *name;  /* without the -- */
	const char *value; /* how the help calls its value; NULL: it has none */
	const char *help;
	char letter; /* that is short for it, or 0 */
};

/* A subcommand. Its file exports one of these, and the table in main.c names it. */
struct cmd {
	const char *name;
	const char *operands; /* as the synopsis shows them */
	const char *help;     /* one line */
	const struct cmd_option
		*options; /* ends with a NULL name; without --help, which all have */
	int min, max;     /* how many operands; max -1: any number */
	int (*run)(const struct args *args); /* returns how the program ends */
};

extern const struct cmd cmd_apply;
extern const struct cmd cmd_check;
extern const struct cmd cmd_confirm;
extern const struct cmd cmd_convert;
extern const struct cmd cmd_diff;
extern const struct cmd cmd_gen;
extern const struct cmd cmd_lookup;
extern const struct cmd cmd_remove;
extern const struct cmd cmd_show;
extern const struct cmd cmd_status;

#endif
