// SPDX-License-Identifier: GPL-2.0-only
/* watch: load the rules again if somebody removes or changes them */
#include <stddef.h>
#include <syslog.h>

#include "args.h"
#include "base/err.h"
#include "print.h"
#include "watch.h"

static const struct cmd_option options[] = {
	{ NULL, NULL, NULL, 0 },
};

static int watch_run(const struct args *args)
{
	struct watch watch;
	struct err err;
	int ret = watch_open(&watch, &err);

	(void)args;
	if (!ret) {
		openlog("secmarkctl", LOG_PID, LOG_DAEMON);
		ret = watch_serve(&watch, &err);
		watch_close(&watch);
	}
	print_err(&err);
	return ret ? FAILED : DONE;
}

const struct cmd cmd_watch = {
	.name = "watch",
	.operands = "",
	.help = "load the rules again if somebody removes or changes them",
	.options = options,
	.run = watch_run,
};
