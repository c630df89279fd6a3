// SPDX-License-Identifier: GPL-2.0-only
/* confirm: keep the rules that "apply --confirm" loaded */
#include <errno.h>
#include <stdio.h>

#include "args.h"
#include "base/err.h"
#include "confirm.h"
#include "load/boot.h"
#include "load/state.h"
#include "print.h"

static const struct cmd_option options[] = {
	{ NULL, NULL, NULL, 0 },
};

/* Confirms, and keeps the plan for the next boot. */
static int confirm_loaded(const struct state_lock *lock, struct err *err)
{
	struct load_state loaded;
	int ret = confirm_keep(lock, err);

	if (ret)
		return ret;
	puts("confirmed");
	ret = state_read(&loaded, err);
	if (!ret)
		ret = boot_write(&loaded, err);
	if (ret)
		err_hint(err, "the next boot does not load the new rules");
	state_clear(&loaded);
	return ret;
}

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
	ret = confirm_loaded(&lock, &err);
	state_unlock(&lock);
	if (ret)
		print_err(&err);
	return ret ? FAILED : DONE;
}

const struct cmd cmd_confirm = {
	.name = "confirm",
	.operands = "",
	.help = "keep the rules that apply --confirm loaded",
	.options = options,
	.run = confirm_run,
};
