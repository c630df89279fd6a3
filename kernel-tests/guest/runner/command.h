/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_COMMAND_H
#define GUEST_COMMAND_H

#include "runner/util.h"

struct netns;

struct command {
	const struct netns *ns;
	const char *domain;
	bool exec; /* enter it when the program is executed, not before */
	char *text;
	int status;	 /* exit status, 128 + signal, 126 domain refused */
	char *out, *err; /* freed by the caller */
};

/* Fills status, out and err. in: lines of its standard input. */
void command_run(struct command *c, const struct strs *in);

#endif
