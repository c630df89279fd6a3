// SPDX-License-Identifier: GPL-2.0-only
/* In place of top_screen.c and top_terminal.c, without ncurses */
#include <errno.h>

#include "base/err.h"
#include "cmd.h"
#include "top.h"

int top_screen_check(struct err *err)
{
	err_set(err, -ENOSYS, "this secmarkctl is built without ncurses");
	err_hint(err, "type secmarkctl top --once");
	return -ENOSYS;
}

int top_screen(struct top *t)
{
	(void)t;
	return FAILED;
}
