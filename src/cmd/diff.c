// SPDX-License-Identifier: GPL-2.0-only
/* diff: compare a plan with the loaded plan, and that with the loaded rules */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "base/err.h"
#include "load/backends.h"
#include "load/machine.h"
#include "load/prepare.h"
#include "load/state.h"
#include "plan/plan.h"
#include "plan/print.h"
#include "policy_option.h"
#include "print.h"
#include "selinux/oracle.h"
#include "util/alloc.h"
#include "util/diff.h"
#include "util/json.h"

enum { JSON };

static const struct cmd_option options[] = {
	[JSON] = { "json", NULL, "print the differences as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

/* How the loaded rules compare with those that their plan makes now. */
static const struct {
	const char *name, *sentence;
} states[] = {
	[BACKEND_ABSENT] = { "absent", "the rules that were loaded are gone" },
	[BACKEND_SAME] = { "intact", NULL },
	[BACKEND_OTHER] = { "changed", "the loaded rules differ from what apply would load now: "
				       "the rules or this machine have changed" },
};

struct difference {
	json_t *lines; /* objects with mark and text; NULL: print the lines instead */
	bool any;
};

static void diff_tell_line(void *arg, enum diff_mark mark, const char *text, size_t len)
{
	struct difference *d = arg;
	char *line;

	if (mark == DIFF_KEPT)
		return;
	d->any = true;
	if (!d->lines) {
		print_line(stdout, "%c%.*s", mark, (int)len, text);
		return;
	}
	line = alloc_text(text, len);
	json_array_append_new(d->lines,
			      need_json(json_pack("{s:s#, s:o}", "mark", &(char){ mark }, (size_t)1,
						  "text", text_to_json(line))));
	free(line);
}

/* Compares the rules that the recorded plan makes with those that are loaded. */
static int find_state(const struct load_state *record, struct oracle *oracle,
		      enum backend_state *state, struct err *err)
{
	const struct backend_ops *backend = backends_find(record->backend, err);
	struct rules rules = { 0 };
	struct machine machine;
	int ret = backend ? 0 : -EINVAL;

	machine_init(&machine, oracle);
	if (!ret) {
		ret = rules_read_text(&rules, record->plan_name, record->plan_text, oracle, err);
		print_refusal(&rules.diag, err);
		if (ret)
			err_set(err, ret, "the policy no longer accepts the loaded plan");
	}
	if (!ret)
		ret = rules_build(&rules, backend, &machine, err);
	if (!ret)
		ret = machine_compare(&machine, rules.built, state, err);
	rules_free(&rules);
	machine_free(&machine);
	return ret;
}

static int diff_print(const struct load_state *record, const char *text, enum backend_state state,
		      bool json)
{
	struct difference d = { .lines = json ? json_array() : NULL };

	if (!json && states[state].sentence)
		printf("%s\n", states[state].sentence);
	diff_lines(record->plan_text, text, diff_tell_line, &d);
	if (json)
		print_json(json_pack("{s:o, s:s, s:b, s:s, s:o}", "plan",
				     text_to_json(record->plan_name), "backend", record->backend,
				     "same", !d.any && state == BACKEND_SAME, "rules",
				     states[state].name, "lines", d.lines));
	return d.any || state != BACKEND_SAME ? FAILED : DONE;
}

/* Returns the lines of a plan in the form of the record, or NULL after it has printed why not. */
static char *diff_read_plan(const char *path)
{
	struct diag diag = { 0 };
	struct plan plan;
	char *text = NULL;

	if (plan_read(path, &plan, &diag))
		print_diag(&diag);
	else
		text = plan_print_text(&plan);
	plan_free(&plan);
	diag_free(&diag);
	return text;
}

static int diff_with_loaded(const char *text, bool json)
{
	struct oracle *oracle = policy_open(NULL);
	enum backend_state state;
	struct load_state record;
	struct err err;
	int ret;

	if (!oracle)
		return FAILED;
	ret = state_read(&record, &err);
	if (!ret)
		ret = find_state(&record, oracle, &state, &err);
	if (ret)
		print_err(&err);
	ret = ret ? FAILED : diff_print(&record, text, state, json);
	state_clear(&record);
	oracle_free(oracle);
	return ret;
}

static int diff_run(const struct args *args)
{
	char *text = diff_read_plan(args->operand[0]);
	int ret = text ? diff_with_loaded(text, args->option[JSON]) : FAILED;

	free(text);
	return ret;
}

const struct cmd cmd_diff = {
	.name = "diff",
	.operands = "PLAN",
	.help = "compare a plan with the loaded plan and rules",
	.options = options,
	.min = 1,
	.max = 1,
	.run = diff_run,
};
