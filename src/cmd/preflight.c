// SPDX-License-Identifier: GPL-2.0-only
/* preflight: which sockets of this machine would a plan cut off? */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "advise/check.h"
#include "advise/preflight.h"
#include "args.h"
#include "base/err.h"
#include "host/client_ports.h"
#include "host/running_policy.h"
#include "plan/plan.h"
#include "policy_option.h"
#include "preflight_namespaces.h"
#include "print.h"
#include "print_preflight.h"
#include "selinux/oracle.h"
#include "util/diag.h"

enum { POLICY, RESET_FLOWS, JSON };

static const struct cmd_option options[] = {
	[POLICY] = POLICY_OPTION,
	[RESET_FLOWS] = { "reset-flows", NULL, "what if apply has this option, too?", 0 },
	[JSON] = { "json", NULL, "print the answer as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

/* Reads the plan, and has the policy judge its labels. */
static bool preflight_read_plan(const char *path, struct oracle *oracle, struct plan *plan)
{
	struct diag diag = { 0 };
	struct check check = { .oracle = oracle, .diag = &diag };
	struct err err = { "", "" };
	int ret = plan_read(path, plan, &diag);

	plan->client_ports = client_ports_read();
	if (!ret)
		ret = check_plan(&check, plan);
	diag_sort(&diag);
	if (!ret && check.unknown) {
		ret = err_set(&err, -ENODATA, "%s does not tell the context of its packet types",
			      oracle->policy);
		err_hint(&err, "write whole contexts in the plan");
	}
	print_refusal(&diag, &err);
	diag_free(&diag);
	return !ret;
}

/* Returns the exit status. */
static int preflight_answer(const struct args *args, struct oracle *oracle, struct preflight *p)
{
	char *running = args->option[POLICY] ? NULL : running_policy_unlabeled();
	struct preflight_machine m;
	struct err err;
	int ret = preflight_look(&m, running, &err);

	p->unlabeled = running ? running : access_unlabeled(p->access);
	if (!ret && !p->unlabeled)
		ret = err_set(&err, -ENODATA, "%s does not tell the context of unlabeled packets",
			      oracle->policy);
	if (ret) {
		print_err(&err);
	} else {
		preflight_namespaces_mark(&m);
		preflight_judge(p, &m);
		if (args->option[JSON])
			print_preflight_json(p, &m, oracle->policy);
		else
			print_preflight_text(p, &m);
	}
	ret = ret || p->n ? FAILED : DONE;
	preflight_free(p);
	preflight_machine_free(&m);
	free(running);
	return ret;
}

static int preflight_run(const struct args *args)
{
	struct preflight p = { .reset_flows = args->option[RESET_FLOWS] };
	struct access *access = NULL;
	struct plan plan = { 0 };
	struct oracle *oracle = policy_open_whole(args->option[POLICY]);
	struct err err;
	int ret = FAILED;

	if (!oracle)
		return FAILED;
	if (access_open(oracle, &access, &err)) {
		print_err(&err);
	} else if (preflight_read_plan(args->operand[0], oracle, &plan)) {
		p.access = access;
		p.plan = &plan;
		ret = preflight_answer(args, oracle, &p);
	}
	plan_free(&plan);
	access_close(access);
	oracle_free(oracle);
	return ret;
}

const struct cmd cmd_preflight = {
	.name = "preflight",
	.operands = "PLAN",
	.help = "show which sockets of this machine a plan would cut off",
	.options = options,
	.min = 1,
	.max = 1,
	.run = preflight_run,
};
