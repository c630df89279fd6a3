// SPDX-License-Identifier: GPL-2.0-only
#include "load/prepare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/check.h"
#include "base/err.h"
#include "compile/compile.h"
#include "host/running_policy.h"
#include "load/backends.h"
#include "selinux/oracle.h"

static void refuse_label(struct rules *r, const char *context)
{
	size_t i;

	for (i = 0; strcmp(r->plan.lines[i].label.context, context); i++)
		;
	diag_add(&r->diag, DIAG_ERROR, r->plan.lines[i].label.pos, r->plan.lines[i].label.text,
		 "permission relabelto of class packet",
		 "the policy does not let this process give packets this label");
}

/* Those that the kernel would refuse for this process; each at the first line that has it. */
static void judge_relabel(struct rules *r, struct oracle *oracle)
{
	size_t i;

	for (i = 0; i < r->ports.n_labels; i++)
		if (oracle->ops->may_relabelto(oracle, r->ports.labels[i]) == 0)
			refuse_label(r, r->ports.labels[i]);
}

/* What takes labels from packets that brought one along, if that may be. */
static void find_unlabeled(struct rules *r, struct oracle *oracle)
{
	int may;

	r->unlabeled = running_policy_unlabeled();
	may = r->unlabeled ? oracle->ops->may_relabelto(oracle, r->unlabeled) : -ENOENT;
	r->keeps_labels = may == 0;
	if (may == 1)
		return;
	free(r->unlabeled);
	r->unlabeled = NULL;
}

static int check(struct rules *r, struct oracle *oracle)
{
	struct check check = { .oracle = oracle, .diag = &r->diag };
	int ret = check_plan(&check, &r->plan);

	if (!ret && check.unknown) {
		diag_add(&r->diag, DIAG_ERROR, (struct pos){ .file = r->plan.files[0] }, NULL, NULL,
			 "%zu of %zu labels cannot be judged: %s", check.unknown, check.contexts,
			 running_policy_excuse(check.why_unknown));
		ret = -EINVAL;
	}
	return ret;
}

/* What is left to do when the plan's own errors are known. */
static int finish(struct rules *r, int ret, struct oracle *oracle, struct err *err)
{
	*err = (struct err){ "", "" };
	if (!ret)
		ret = check(r, oracle);
	if (!ret)
		ret = compile(&r->plan, &r->ports, err);
	if (!ret) {
		judge_relabel(r, oracle);
		find_unlabeled(r, oracle);
	}
	diag_sort(&r->diag);
	return !ret && r->diag.errors ? -EINVAL : ret;
}

int rules_read(struct rules *r, const char *path, struct oracle *oracle, struct err *err)
{
	return finish(r, plan_read(path, &r->plan, &r->diag), oracle, err);
}

int rules_read_text(struct rules *r, const char *name, const char *text, struct oracle *oracle,
		    struct err *err)
{
	return finish(r, plan_parse(name, text, strlen(text), &r->plan, &r->diag), oracle, err);
}

static void drop_built(struct rules *r)
{
	int family;

	for (family = 0; family < DISPATCH_FAMILIES; family++)
		chain_free(&r->sets[family]);
	free(r->fast);
	free(r->nft);
	r->fast = NULL;
	r->nft = NULL;
}

int rules_build(struct rules *r, const struct backend *backend, struct err *err)
{
	drop_built(r);
	r->backend = backend;
	return backend->build(r, err);
}

void rules_print(const struct rules *r, FILE *out)
{
	r->backend->print(r, out);
}

void rules_free(struct rules *r)
{
	drop_built(r);
	dispatch_free(&r->ports);
	plan_free(&r->plan);
	diag_free(&r->diag);
	free(r->unlabeled);
	*r = (struct rules){ 0 };
}
