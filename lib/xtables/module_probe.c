// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/module_probe.h"

#include <errno.h>

#include "base/err.h"
#include "util/run.h"
#include "xtables/iptc_ops.h"

/* what the module and its users share */
#include <xt_secmark2.h>

#define RUN_SECONDS 60

/* Exit status of iptables for a table that there is not: VERSION_PROBLEM, include/xtables.h. What
 * cannot be read is PARAMETER_PROBLEM, found out before. */
#define STATUS_NO_TABLE 3

/* The plugins know: only with the module they read a rule that needs it. It is not to be loaded
 * anywhere. */
static int command_reads_it(const char *command, bool *reads, struct err *err)
{
	const char *const argv[] = {
		command, "-t",           "no-such-table", "-C",       "INPUT",
		"-j",    "CONNSECMARK2", "--restore",     "--accept", NULL,
	};
	struct run_result r;
	int ret = run(argv, NULL, 0, RUN_SECONDS, &r, err);

	*reads = !ret && r.status == STATUS_NO_TABLE;
	/* an answer that was cut off is no "no" */
	if (!ret && r.status > RUN_SIGNALED)
		ret = err_set(err, -EIO, "%s was killed by signal %d", command,
			      r.status - RUN_SIGNALED);
	run_free(&r);
	return ret;
}

static bool kernel_has_it(void)
{
	static const char *const modprobe[] = { "modprobe", "-q", "ip_tables", NULL };
	struct run_result r;
	struct err ignored;
	int ret = iptc_has_target("CONNSECMARK2", XT_SECMARK2_REVISION);

	if (ret != -ENOPROTOOPT)
		return !ret;
	/* nobody has used iptables' tables yet */
	run(modprobe, NULL, 0, RUN_SECONDS, &r, &ignored);
	run_free(&r);
	return !iptc_has_target("CONNSECMARK2", XT_SECMARK2_REVISION);
}

int xt_module_works(const char *command, bool *works, struct err *err)
{
	if (command)
		return command_reads_it(command, works, err);
	*works = kernel_has_it();
	return 0;
}
