// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/command_run.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "util/run.h"
#include "xtables/build.h"
#include "xtables/iptc_ops.h"
#include "xtables/lock.h"

/* What a command may take. */
#define RUN_SECONDS 120

/* iptables' exit status when it stopped waiting for its lock: RESOURCE_PROBLEM, include/xtables.h.
 * iptables-nft has it for all that the kernel refuses. */
#define STATUS_BUSY 4

struct commands {
	const char *save, *restore;
};

static const struct commands *commands_of(enum place place, int family)
{
	static const struct commands commands[2][2] = {
		{
			{ "iptables-nft-save", "iptables-nft-restore" },
			{ "ip6tables-nft-save", "ip6tables-nft-restore" },
		},
		{
			{ "iptables-legacy-save", "iptables-legacy-restore" },
			{ "ip6tables-legacy-save", "ip6tables-legacy-restore" },
		},
	};

	return &commands[place == PLACE_LEGACY][family != AF_INET];
}

/* What the exit status means. */
static int command_error(enum place place, int status, const char *said)
{
	if (status != STATUS_BUSY)
		return -EIO;
	if (strstr(said, "can't open lock file"))
		return -EACCES;
	/* iptables-nft exits with this status without the right, too */
	if (strstr(said, "you must be root") || strstr(said, "(Operation not permitted)"))
		return -EPERM;
	if (place == PLACE_LEGACY || strstr(said, strerror(EBUSY)) ||
	    strstr(said, strerror(EAGAIN)))
		return -EBUSY;
	return -EIO;
}

/* What a command printed, as one line. */
static int command_refused(enum place place, const char *command, const struct run_result *r,
			   const char *doing, struct err *err)
{
	char said[300];
	size_t i, used = 0;
	int code;

	for (i = 0; i < r->err_len && used < sizeof(said) - 1; i++)
		if (r->err[i] != '\n')
			said[used++] = r->err[i];
		else if (used && i + 1 < r->err_len)
			said[used++] = ' ';
	said[used] = '\0';
	code = command_error(place, r->status, said);
	err_set(err, code, "%s: %s failed with status %d: %s", doing, command, r->status,
		used ? said : "it said nothing");
	if (code == -EBUSY)
		err_hint(err, "another program is changing rules; try again");
	if (code == -EPERM && !strstr(said, "you must be root"))
		err_hint(err, "needs root, and that no other program owns the table");
	return code;
}

int command_run_save(int family, const char *table, struct run_result *r, struct err *err)
{
	const char *command = commands_of(PLACE_LEGACY, family)->save;
	const char *const argv[] = { command, "-t", table, NULL };
	int ret = run(argv, NULL, 0, RUN_SECONDS, r, err);

	if (ret || !r->status)
		return ret;
	return command_refused(PLACE_LEGACY, command, r, "reading the rules", err);
}

/* Without the module of its tables, iptables would have modprobe load it, and modprobe would
 * inherit iptables' lock, a file that the policy need not let it use. */
static void load_legacy_module(int family)
{
	const struct iptc_ops *ops = &iptc_families[family != AF_INET];

	if (access(ops->names, F_OK))
		iptc_load_module(ops);
}

static int run_restore_command(enum place place, int family, const char *text, size_t len,
			       const char *doing, struct run_result *r, struct err *err)
{
	const char *command = commands_of(place, family)->restore;
	const char *const legacy[] = { command, "--noflush", "-w", NULL, NULL };
	const char *argv[sizeof(legacy) / sizeof(legacy[0])];
	char seconds[16];
	int ret;

	memcpy(argv, legacy, sizeof(legacy));
	snprintf(seconds, sizeof(seconds), "%d", XT_LOCK_SECONDS);
	/* nft's transactions need no lock */
	if (place == PLACE_LEGACY) {
		argv[3] = seconds;
		load_legacy_module(family);
		xt_lock_make();
	} else {
		argv[2] = NULL;
	}
	ret = run(argv, text, len, RUN_SECONDS, r, err);
	return !ret && r->status ? command_refused(place, command, r, doing, err) : ret;
}

int command_run_restore(enum place place, int family, const char *text, size_t len,
			const char *doing, struct err *err)
{
	struct run_result r;
	int ret = run_restore_command(place, family, text, len, doing, &r, err);

	run_free(&r);
	return ret;
}

int command_run_list(enum place place, int family, const char *text, size_t len,
		     struct run_result *r, struct err *err)
{
	return run_restore_command(place, family, text, len, "listing the rules", r, err);
}
