// SPDX-License-Identifier: GPL-2.0-only
#include "load/prepare.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "advise/check.h"
#include "base/err.h"
#include "compile/compile.h"
#include "host/running_policy.h"
#include "load/machine.h"
#include "selinux/oracle.h"

static void refuse_label(struct rules *r, const char *context)
{
	size_t i;

	for (i = 0; strcmp(r->plan.lines[i].label.context, context); i++)
		;
	diag_add(&r->diag, DIAG_ERROR, r->plan.lines[i].label.pos, r->plan.lines[i].label.text,
		 "it needs the permission relabelto of class packet",
		 "the policy does not allow this process to give packets this label");
}

/* Those that the kernel would refuse for this process; each at the first line that has it. */
static void judge_relabel(struct rules *r, struct oracle *oracle)
{
	size_t i;

	for (i = 0; i < r->dispatch.n_labels; i++)
		if (oracle->ops->may_relabelto(oracle, r->dispatch.labels[i]) == 0)
			refuse_label(r, r->dispatch.labels[i]);
}

static int check_prepared_plan(struct rules *r, struct oracle *oracle)
{
	struct check check = { .oracle = oracle, .diag = &r->diag };
	int ret = check_plan(&check, &r->plan);

	if (!ret && check.unknown) {
		diag_add(&r->diag, DIAG_ERROR, (struct pos){ .file = r->plan.files[0] }, NULL, NULL,
			 "%zu of %zu labels cannot be checked: %s", check.unknown, check.contexts,
			 running_policy_excuse(check.why_unknown));
		ret = -EINVAL;
	}
	return ret;
}

/* What is left to do when the plan's own errors are known. */
static int finish_prepare(struct rules *r, int ret, struct oracle *oracle, struct err *err)
{
	int checked = 0;

	*err = (struct err){ "", "" };
	/* the lines without errors too, as check does; but a file that cannot be read could have
	 * defined their types */
	if (!ret || ret == -EINVAL)
		checked = check_prepared_plan(r, oracle);
	if (!ret)
		ret = checked;
	if (!ret)
		ret = compile(&r->plan, &r->dispatch, err);
	if (!ret)
		judge_relabel(r, oracle);
	diag_sort(&r->diag);
	return !ret && r->diag.errors ? -EINVAL : ret;
}

int rules_read(struct rules *r, const char *path, struct oracle *oracle, struct err *err)
{
	return finish_prepare(r, plan_read(path, &r->plan, &r->diag), oracle, err);
}

int rules_read_text(struct rules *r, const char *name, const char *text, struct oracle *oracle,
		    struct err *err)
{
	return finish_prepare(r, plan_parse(name, text, strlen(text), &r->plan, &r->diag), oracle,
			      err);
}

int rules_build(struct rules *r, const struct backend_ops *ops, struct machine *m, struct err *err)
{
	int ret = machine_ask(m, ops, &r->plan, err);

	return ret ? ret : ops->build(ops, &r->dispatch, m, &r->built, &r->diag, err);
}

void rules_print(const struct rules *r, FILE *out)
{
	r->built->ops->print(r->built, out);
}

void rules_free(struct rules *r)
{
	if (r->built)
		r->built->ops->free(r->built);
	dispatch_free(&r->dispatch);
	plan_free(&r->plan);
	diag_free(&r->diag);
	*r = (struct rules){ 0 };
}
