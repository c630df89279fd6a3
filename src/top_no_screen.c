// SPDX-License-Identifier: GPL-2.0-only
/* In place of top_screen.c, without ncurses */
#include "base/err.h"
#include "cmd.h"
#include "print.h"
#include "top.h"

int top_screen(struct top *t)
{
	struct err err;

	(void)t;
	err_set(&err, -1, "this secmarkctl is built without ncurses");
	err_hint(&err, "type secmarkctl top --once");
	print_err(&err);
	return FAILED;
}
