// SPDX-License-Identifier: GPL-2.0-only
/* confirm: keep the rules that "apply --confirm" loaded */
#include <errno.h>
#include <stdio.h>

#include "args.h"
#include "base/err.h"
#include "confirm.h"
#include "load/state.h"
#include "print.h"

static const struct cmd_option options[] = {
	{ NULL, NULL, NULL, 0 },
};

static int confirm_run(const struct args *args)
{
	struct state_lock lock;
	struct err err;
	int ret = state_lock(&lock, &err);

	(void)args;
	if (ret) {
		print_err(&err);
		return FAILED;
	}
	ret = confirm_keep(&lock);
	state_unlock(&lock);
	if (!ret) {
		puts("confirmed");
		return DONE;
	}
	err_set(&err, ret, "no new rules are waiting for confirmation");
	print_err(&err);
	return FAILED;
}

const struct cmd cmd_confirm = {
	.name = "confirm",
	.operands = "",
	.help = "keep the rules that apply --confirm loaded",
	.options = options,
	.run = confirm_run,
};
