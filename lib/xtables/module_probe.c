// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/module_probe.h"

#include <errno.h>

#include "base/err.h"
#include "util/run.h"
#include "xtables/extension_probe.h"

/* what the module and its users share */
#include <xt_secmark2.h>

#define RUN_SECONDS 60

/* Exit status of iptables for a table that does not exist: VERSION_PROBLEM, include/xtables.h. A
 * rule that cannot be read is PARAMETER_PROBLEM, which iptables finds first. */
#define STATUS_NO_TABLE 3

/* Asks the plugins: they accept a rule that needs the module only if it is there, in their
 * revision. The rule is for a table that does not exist, so nothing is loaded. SECMARK2 would take
 * a context: a release that has the other two in our revision has SECMARK2 in ours, too. */
static int command_reads_it(const char *command, bool *reads, struct err *err)
{
	const char *const argv[] = {
		command,     "-t", "no-such-table", "-C",        "INPUT",    "-m", "secmark2",
		"--labeled", "-j", "CONNSECMARK2",  "--restore", "--accept", NULL,
	};
	struct run_result r;
	int ret = run(argv, NULL, 0, RUN_SECONDS, &r, err);

	*reads = !ret && r.status == STATUS_NO_TABLE;
	/* a command that was killed has not said no */
	if (!ret && r.status > RUN_SIGNALED)
		ret = err_set(err, -EIO, "%s was killed by signal %d", command,
			      r.status - RUN_SIGNALED);
	run_free(&r);
	return ret;
}

int xt_module_works(const char *command, bool *works, struct err *err)
{
	if (command)
		return command_reads_it(command, works, err);
	*works = !xt_extension_ask(PLACE_LEGACY, "SECMARK2", XT_SECMARK2_TG_REVISION, true) &&
		 !xt_extension_ask(PLACE_LEGACY, "CONNSECMARK2", XT_CONNSECMARK2_TG_REVISION,
				   true) &&
		 !xt_extension_ask(PLACE_LEGACY, "secmark2", XT_SECMARK2_MT_REVISION, false);
	return 0;
}
