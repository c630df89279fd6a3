// SPDX-License-Identifier: GPL-2.0-only
/* remove: remove the rules of all backends */
#include <errno.h>
#include <stdio.h>

#include "args.h"
#include "base/err.h"
#include "confirm.h"
#include "load/load.h"
#include "load/state.h"
#include "print.h"

static const struct cmd_option options[] = {
	{ NULL, NULL, NULL, 0 },
};

static int remove_rules(const struct state_lock *lock, struct err *err)
{
	struct load_result result = { 0 };
	struct load_state before;
	int ret = state_read(&before, err);

	print_interrupted();
	/* rules are removed even if the record is damaged, or if old ones are being put back */
	ret = confirm_asks(lock) ? confirm_none_pending(lock, err) :
				   load_nothing(lock, &before, &result, err);
	print_warnings(&result.report);
	if (!ret)
		confirm_removed(lock);
	if (!ret)
		puts(result.report.changed ? "removed" : "nothing is loaded");
	backend_report_free(&result.report);
	state_clear(&before);
	return ret;
}

static int remove_run(const struct args *args)
{
	struct state_lock lock;
	struct err err;
	bool told = true;
	int ret = state_lock(&lock, &err);

	(void)args;
	if (!ret) {
		ret = remove_rules(&lock, &err);
		told = print_flush();
		state_unlock(&lock);
	}
	if (ret)
		print_err(&err);
	return ret || !told ? FAILED : DONE;
}

const struct cmd cmd_remove = {
	.name = "remove",
	.operands = "",
	.help = "remove all rules that apply loaded",
	.options = options,
	.run = remove_run,
};
