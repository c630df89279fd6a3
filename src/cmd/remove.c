// SPDX-License-Identifier: GPL-2.0-only
/* remove: remove the rules of all backends */
#include <errno.h>
#include <stdio.h>

#include "args.h"
#include "backend/report.h"
#include "base/err.h"
#include "confirm.h"
#include "load/load.h"
#include "load/state.h"
#include "print.h"

static const struct cmd_option options[] = {
	{ NULL, NULL, NULL, 0 },
};

static int remove_rules(const struct record_lock *lock, struct err *err)
{
	struct backend_report report = { 0 };
	struct record before;
	int ret = record_read(&before, err);

	print_interrupted();
	/* rules are removed even if the record is damaged */
	if (guard_is_there(lock)) {
		err_set(err, -EBUSY, "new rules are waiting for confirmation");
		err_hint(err,
			 "keep them with secmarkctl confirm, or wait until the old ones are back");
		ret = -EBUSY;
	} else {
		ret = load_nothing(lock, &before, &report, err);
	}
	if (!ret)
		puts(report.changed ? "removed" : "nothing is loaded");
	backend_report_free(&report);
	record_free(&before);
	return ret;
}

static int run(const struct args *args)
{
	struct record_lock lock;
	struct err err;
	bool told = true;
	int ret = record_lock(&lock, &err);

	(void)args;
	if (!ret) {
		ret = remove_rules(&lock, &err);
		told = print_flush();
		record_unlock(&lock);
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
	.run = run,
};
