// SPDX-License-Identifier: GPL-2.0-only
/* init: the first plan of a machine */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "advise/learn.h"
#include "advise/learn_first.h"
#include "advise/learn_policy.h"
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

static uint16_t init_session_port(const struct learn_host *host)
{
	struct login_session session;

	login_session_read("/proc", &session);
	return login_session_port(&session, &host->sockets, &host->owners);
}

static void init_print(const struct learn_lines *lines, size_t hidden)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	learn_print_first(lines, hidden, out);
	buffer_close(out);
	print_lines(text);
	free(text);
	if (hidden)
		print_line(stderr,
			   "secmarkctl: warning: %zu processes do not show their sockets to you: "
			   "try as root",
			   hidden);
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
		init_print(&lines, host.owners.hidden);
		learn_host_print_unlisted(&host);
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
