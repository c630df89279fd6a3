// SPDX-License-Identifier: GPL-2.0-only
#include "load/restore.h"

#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "load/backends.h"
#include "load/load.h"
#include "load/machine.h"
#include "load/prepare.h"
#include "load/state.h"
#include "selinux/oracle.h"
#include "selinux/oracle_kernel.h"

static bool restore_touched(const struct load_result *result)
{
	return load_guard(result->end) == LOAD_GUARD_ALARM;
}

/* The error gets the first one of the plan's lines. */
static void restore_name_line(const struct diag *diag, int code, const char *what, struct err *err)
{
	char *text;
	size_t i;

	for (i = 0; diag->v[i].severity != DIAG_ERROR; i++)
		;
	text = diag_format(&diag->v[i]);
	err_set(err, code, "%s: %s", what, text);
	free(text);
}

static int restore_prepare(struct rules *rules, const struct load_state *state,
			   const struct backend_ops *backend, struct machine *m,
			   struct oracle *oracle, struct err *err)
{
	int ret = rules_read_text(rules, state->plan_name, state->plan_text, oracle, err);

	if (ret && rules->diag.errors)
		restore_name_line(&rules->diag, ret,
				  "the policy no longer accepts the plan that was loaded", err);
	if (ret)
		return ret;
	ret = rules_build(rules, backend, m, err);
	if (ret && rules->diag.errors)
		restore_name_line(&rules->diag, ret, err->what, err);
	return ret;
}

static int restore_plan(const struct state_lock *lock, const struct load_state *state,
			struct oracle *oracle, struct load_result *result, struct err *err)
{
	const struct backend_ops *backend = backends_find(state->backend, err);
	struct rules rules = { 0 };
	struct machine machine;
	int ret = -EINVAL;

	if (!backend)
		return ret;
	machine_init(&machine, oracle);
	ret = restore_prepare(&rules, state, backend, &machine, oracle, err);
	if (!ret)
		ret = load(rules.built, &machine, lock, state, result, err);
	rules_free(&rules);
	machine_free(&machine);
	return ret;
}

static int restore_with_oracle(const struct state_lock *lock, const struct load_state *state,
			       struct load_result *result, struct err *err)
{
	struct oracle *oracle = oracle_kernel_new();
	int ret;

	if (!oracle)
		return err_set(err, -ENOMEM, "out of memory");
	ret = restore_plan(lock, state, oracle, result, err);
	oracle_free(oracle);
	return ret;
}

int restore(const struct state_lock *lock, const struct load_state *state, bool *touched,
	    struct err *err)
{
	struct load_result result = { 0 };
	int ret = state->plan_text ? restore_with_oracle(lock, state, &result, err) :
				     load_nothing(lock, state, &result, err);

	*touched = ret && restore_touched(&result);
	backend_report_free(&result.report);
	return ret;
}

int restore_lost(const struct state_lock *lock, const struct load_state *state, bool *changed,
		 struct err *err)
{
	struct load_result result = { 0 };
	int ret = restore_with_oracle(lock, state, &result, err);

	*changed = result.report.changed;
	backend_report_free(&result.report);
	return ret;
}

int restore_nothing(const struct state_lock *lock, const struct load_state *state, struct err *err)
{
	const struct backend_ops *backend;
	struct load_result result = { 0 };
	struct backend_report report = { 0 };
	struct machine m = { 0 };
	struct err ignored;
	int ret = load_nothing(lock, state, &result, err);

	backend_report_free(&result.report);
	backend = ret ? backends_find(state->backend, &ignored) : NULL;
	if (!backend)
		return ret;
	if (!machine_remove(&m, backend->place, &report, &ignored)) {
		ret = 0;
		/* it stays: others' places were not looked at */
		state_begin(lock,
			    &(struct load_state){ .plan_name = state->plan_name,
						  .backend = state->backend },
			    &ignored);
	}
	backend_report_free(&report);
	machine_free(&m);
	return ret;
}
