/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_CMD_H
#define SECMARK2_CMD_H

struct args;

/* The exit status of the program. */
enum {
	DONE = 0,
	FAILED = 1, /* or "check" or "diff" found something */
	USAGE = 2,
};

struct cmd_option {
	const char *name;  /* without the -- */
	const char *value; /* the name of its value in the help; NULL if it takes none */
	const char *help;
	char letter; /* the short form, or 0 */
};

/* A subcommand. Its file exports one of these, and the table in main.c names it. */
struct cmd {
	const char *name;
	const char *operands; /* for the synopsis; those that must be given come first */
	const char *help;     /* one line */
	/* ends with a NULL name; --help is not in it, because every command has it */
	const struct cmd_option *options;
	int min, max;                        /* the number of operands; max -1: any number */
	int (*run)(const struct args *args); /* returns the exit status */
};

extern const struct cmd cmd_applications;
extern const struct cmd cmd_apply;
extern const struct cmd cmd_check;
extern const struct cmd cmd_confirm;
extern const struct cmd cmd_convert;
extern const struct cmd cmd_diff;
extern const struct cmd cmd_explain;
extern const struct cmd cmd_gen;
extern const struct cmd cmd_init;
extern const struct cmd cmd_learn;
extern const struct cmd cmd_lookup;
extern const struct cmd cmd_metrics;
extern const struct cmd cmd_policy;
extern const struct cmd cmd_preflight;
extern const struct cmd cmd_remove;
extern const struct cmd cmd_show;
extern const struct cmd cmd_status;
extern const struct cmd cmd_top;
extern const struct cmd cmd_watch;
extern const struct cmd cmd_who;

#endif
