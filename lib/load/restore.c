// SPDX-License-Identifier: GPL-2.0-only
#include "load/restore.h"

#include <errno.h>

#include "base/err.h"
#include "load/backends.h"
#include "load/load.h"
#include "load/machine.h"
#include "load/prepare.h"
#include "load/state.h"
#include "selinux/oracle.h"
#include "selinux/oracle_kernel.h"

static int restore_plan(const struct state_lock *lock, const struct load_state *state,
			struct oracle *oracle, struct err *err)
{
	const struct backend_ops *backend = backends_find(state->backend, err);
	struct load_result result = { 0 };
	struct rules rules = { 0 };
	struct machine machine;
	int ret = -EINVAL;

	if (!backend)
		return ret;
	machine_init(&machine, oracle);
	if (rules_read_text(&rules, state->plan_name, state->plan_text, oracle, err))
		err_set(err, ret, "the policy no longer accepts the plan that was loaded");
	else
		ret = rules_build(&rules, backend, &machine, err);
	if (!ret)
		ret = load(rules.built, &machine, lock, state, &result, err);
	backend_report_free(&result.report);
	rules_free(&rules);
	machine_free(&machine);
	return ret;
}

int restore(const struct state_lock *lock, const struct load_state *state, struct err *err)
{
	struct load_result result = { 0 };
	struct oracle *oracle;
	int ret;

	if (!state->plan_text) {
		ret = load_nothing(lock, state, &result, err);
		backend_report_free(&result.report);
		return ret;
	}
	oracle = oracle_kernel_new();
	if (!oracle)
		return err_set(err, -ENOMEM, "out of memory");
	ret = restore_plan(lock, state, oracle, err);
	oracle_free(oracle);
	return ret;
}
