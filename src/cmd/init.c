// SPDX-License-Identifier: GPL-2.0-only
/* init: the first plan of a machine */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "advise/learn.h"
#include "advise/learn_first.h"
#include "advise/learn_policy.h"
#include "advise/learn_print.h"
#include "args.h"
#include "base/err.h"
#include "host/login_session.h"
#include "learn_host.h"
#include "policy_option.h"
#include "print.h"
#include "selinux/oracle.h"
#include "util/buffer.h"

enum { POLICY };

static const struct cmd_option options[] = {
	[POLICY] = POLICY_OPTION,
	{ NULL, NULL, NULL, 0 },
};

static const char init_head[] =
	"# The first plan of this machine. Packets that no line is for stay allowed, and each\n"
	"# leaves a record in the audit log:\n"
	"#   secmarkctl policy --load PLAN && secmarkctl apply PLAN\n"
	"# Use the machine as always. Then add the lines that the records ask for, and load and\n"
	"# apply the result:\n"
	"#   secmarkctl learn --now --since boot --merge PLAN > PLAN.new\n"
	"# When learn finds nothing new, write \"unlabeled deny\" here.\n"
	"unlabeled audit\n";

static uint16_t init_session_port(const struct learn_host *host)
{
	struct login_session session;

	login_session_read("/proc", &session);
	return login_session_port(&session, &host->sockets, &host->owners);
}

static void init_print(const struct learn_lines *lines)
{
	char *text;
	size_t len, i;
	FILE *out = buffer_open(&text, &len);

	fputs(init_head, out);
	for (i = 0; i < lines->n; i++) {
		fputc('\n', out);
		learn_print_reason(&lines->v[i], out);
		learn_print_line(&lines->v[i], out);
	}
	buffer_close(out);
	print_lines(text);
	free(text);
}

static int init_tell(struct oracle *oracle, struct err *err)
{
	struct learn_policy policy;
	struct learn_evidence e = { .policy = &policy };
	struct learn_host host = { .sockets = { 0 } };
	struct learn_lines lines = { 0 };
	int ret = learn_policy_read(oracle, &policy, err);

	if (!ret)
		ret = learn_host_read(&host, true, &e, err);
	if (!ret) {
		learn_take_first(&e, init_session_port(&host));
		learn_propose(&e, LEARN_ADDRESSES_CLIENT, &lines);
		learn_sort_first(&lines);
		init_print(&lines);
		if (host.owners.hidden)
			print_line(stderr,
				   "secmarkctl: warning: %zu processes do not show their sockets "
				   "to you: try as root",
				   host.owners.hidden);
	}
	learn_lines_free(&lines);
	learn_evidence_free(&e);
	learn_host_free(&host);
	learn_policy_free(&policy);
	return ret;
}

static int init_run(const struct args *args)
{
	struct oracle *oracle = policy_open_whole(args->option[POLICY]);
	struct err err;
	int ret;

	if (!oracle)
		return FAILED;
	ret = init_tell(oracle, &err);
	if (ret)
		print_err(&err);
	oracle_free(oracle);
	return ret ? FAILED : DONE;
}

const struct cmd cmd_init = {
	.name = "init",
	.operands = "",
	.help = "print a first plan for this machine",
	.options = options,
	.run = init_run,
};
