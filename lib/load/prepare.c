// SPDX-License-Identifier: GPL-2.0-only
#include "load/prepare.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/check.h"
#include "base/err.h"
#include "compile/compile.h"
#include "host/client_ports.h"
#include "host/conntrack.h"
#include "host/running_policy.h"
#include "load/machine.h"
#include "packet/proto.h"
#include "selinux/oracle.h"
#include "util/alloc.h"

/* Labels that the kernel would refuse from whoever loads; each at the first line that has it. */
static void judge_relabel(struct rules *r, const struct backend_ops *ops, const struct machine *m)
{
	bool *refused = alloc_zeroed(r->plan.n_lines + 1, sizeof(*refused));
	const struct plan_line *line = r->plan.lines;
	size_t i, k;

	for (i = 0; i < r->dispatch.n_labels; i++) {
		if (machine_may_label(m, r->dispatch.labels[i]) != 0)
			continue;
		for (k = 0; strcmp(line[k].label.context, r->dispatch.labels[i]); k++)
			;
		refused[k] = true;
	}
	for (k = 0; k < r->plan.n_lines; k++)
		if (refused[k])
			diag_add(&r->diag, DIAG_ERROR, line[k].label.pos, line[k].label.text,
				 "it needs the permission relabelto of class packet",
				 "the policy does not allow %s to give packets this label",
				 m->loader ? ops->command : "this process");
	free(refused);
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
	r->plan.client_ports = client_ports_read();
	/* the lines without errors too, as check does; but a file that cannot be read could have
	 * defined their types */
	if (!ret || ret == -EINVAL)
		checked = check_prepared_plan(r, oracle);
	if (!ret)
		ret = checked;
	if (!ret)
		ret = compile(&r->plan, &r->dispatch, err);
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

static const struct plan_line *first_of_side(const struct plan *plan, enum side side)
{
	const struct plan_line *line = plan->lines;

	while (line->side != side)
		line++;
	return line;
}

static size_t lines_of_side(const struct plan *plan, enum side side)
{
	size_t i, n = 0;

	for (i = 0; i < plan->n_lines; i++)
		n += plan->lines[i].side == side && !plan->lines[i].part;
	return n;
}

static bool has_host_default(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].is_default && plan->lines[i].side != SIDE_FORWARD)
			return true;
	return false;
}

/* The kernel lets a packet pass OUTPUT and POSTROUTING with the VRF as its interface first, and
 * tracks it only after that (drivers/net/vrf.c). */
static void warn_of_vrfs(struct rules *r, const struct machine *m)
{
	if (!m->n_vrfs || !has_host_default(&r->plan))
		return;
	diag_add(&r->diag, DIAG_WARNING, (struct pos){ .file = r->plan.files[0] }, NULL,
		 "give each server there a line",
		 "what leaves by the VRF '%s' is also checked before its connection is known: "
		 "answers that no server line matches are taken for a client's",
		 m->vrfs[0]);
}

/* Says what the kernel's lacks do to the plan. A plan that is left without lines is an error. */
static int warn_of_lacks(struct rules *r, const struct backend_ops *ops, const struct machine *m,
			 struct err *err)
{
	const struct plan *plan = &r->plan;
	size_t n = lines_of_side(plan, SIDE_FORWARD);
	bool none = n == lines_of_side(plan, SIDE_FORWARD) + lines_of_side(plan, SIDE_SERVER) +
				 lines_of_side(plan, SIDE_CLIENT);
	const struct plan_line *line;

	if (m->no_ftp)
		diag_add(&r->diag, DIAG_WARNING, (struct pos){ .file = plan->files[0] }, NULL,
			 m->no_ftp,
			 "%sdata connections of FTP get the label of their own port, not that of "
			 "the control connection",
			 m->module ? "over loopback, " : "");
	if (!m->no_forward)
		return 0;
	line = first_of_side(plan, SIDE_FORWARD);
	diag_add(&r->diag, none ? DIAG_ERROR : DIAG_WARNING, line->pos, line->text, m->no_forward,
		 n == 1 ? "this line is left out: forwarded packets get no label" :
			  "all %zu forward lines are left out: forwarded packets get no label",
		 n);
	return none ? err_set(err, -EOPNOTSUPP, "%s cannot load this plan", ops->name) : 0;
}

/* Rules label connections, so they are right only for protocols whose connections the kernel can
 * tell. Each protocol is named at the first line that asks for its ports. */
static void warn_of_untold_ports(struct rules *r)
{
	const struct plan_line *line;
	bool asked[256] = { false };
	size_t i;

	for (i = 0; i < r->plan.n_lines; i++) {
		line = &r->plan.lines[i];
		if (!line->ports.n || asked[line->proto])
			continue;
		asked[line->proto] = true;
		if (line->proto != IPPROTO_TCP && line->proto != IPPROTO_UDP &&
		    !conntrack_tells_ports(line->proto))
			diag_add(&r->diag, DIAG_WARNING, line->pos, line->text,
				 "this kernel tells connections of this protocol by their "
				 "addresses alone",
				 "all packets of %s between two addresses get the label of the "
				 "first one",
				 proto_name(line->proto));
	}
}

int rules_build(struct rules *r, const struct backend_ops *ops, struct machine *m, struct err *err)
{
	int ret = machine_ask(m, ops, &r->plan, err);

	if (ret)
		return ret;
	judge_relabel(r, ops, m);
	if (r->diag.errors)
		return err_set(err, -EINVAL, "%s cannot load this plan", ops->name);
	ret = warn_of_lacks(r, ops, m, err);
	if (!ret) {
		warn_of_vrfs(r, m);
		warn_of_untold_ports(r);
	}
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
