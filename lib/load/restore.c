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

static int load_plan(const struct record_lock *lock, const struct record *record,
		     struct oracle *oracle, struct err *err)
{
	const struct backend_ops *backend = backends_find(record->backend, err);
	struct backend_report report = { 0 };
	struct rules rules = { 0 };
	struct machine machine;
	int ret = -EINVAL;

	if (!backend)
		return ret;
	machine_init(&machine, oracle);
	if (rules_read_text(&rules, record->plan_name, record->plan_text, oracle, err))
		err_set(err, ret, "the policy no longer accepts the plan that was loaded");
	else
		ret = rules_build(&rules, backend, &machine, err);
	if (!ret)
		ret = load(rules.built, &machine, lock, record, &report, err);
	backend_report_free(&report);
	rules_free(&rules);
	machine_free(&machine);
	return ret;
}

int restore(const struct record_lock *lock, const struct record *record, struct err *err)
{
	struct backend_report report = { 0 };
	struct oracle *oracle;
	int ret;

	if (!record->plan_text) {
		ret = load_nothing(lock, record, &report, err);
		backend_report_free(&report);
		return ret;
	}
	oracle = oracle_kernel_new();
	if (!oracle)
		return err_set(err, -ENOMEM, "out of memory");
	ret = load_plan(lock, record, oracle, err);
	oracle_free(oracle);
	return ret;
}
