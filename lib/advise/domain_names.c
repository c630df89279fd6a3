// SPDX-License-Identifier: GPL-2.0-only
#include "advise/domain_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "base/err.h"
#include "base/nearest.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "util/alloc.h"

#define DOMAIN_HINT_MAX 512

/* What a type is for, if it is no domain, in refpolicy's attributes. */
static const struct {
	const char *attribute, *use;
} other_uses[] = {
	{ "@packet_type", "it is a type of packets" },
	{ "@port_type", "it is a type of ports" },
	{ "@file_type", "it is a type of files" },
};

static const char *other_use_of(const struct domain_names *n, const char *type)
{
	size_t i;

	for (i = 0; i < sizeof(other_uses) / sizeof(other_uses[0]); i++)
		if (access_is(n->access, type, other_uses[i].attribute))
			return other_uses[i].use;
	return NULL;
}

/* Writes "did you mean ...?" for a name that the policy does not have; nothing if none is near. */
static void suggest_domain(struct domain_names *n, const char *name, char *hint)
{
	bool attribute = *name == '@';
	struct nearest near = NEAREST(name + attribute);
	char other[256], *with_sign[NEAREST_MAX];
	unsigned int i;

	*hint = '\0';
	snprintf(other, sizeof(other), "%s%s", attribute ? "" : "@", name + attribute);
	if (access_has(n->access, other)) {
		snprintf(hint, DOMAIN_HINT_MAX, "did you mean %s?", other);
		return;
	}
	if (n->searches++ >= ORACLE_SEARCHES_MAX)
		return;
	access_offer_domains(n->access, &near, attribute);
	for (i = 0; i < near.count; i++) {
		with_sign[i] = alloc_zeroed(1, strlen(near.name[i]) + 2);
		sprintf(with_sign[i], "%s%s", attribute ? "@" : "", near.name[i]);
		near.name[i] = with_sign[i];
	}
	nearest_format(&near, other, sizeof(other));
	for (i = 0; i < near.count; i++)
		free(with_sign[i]);
	if (near.count)
		snprintf(hint, DOMAIN_HINT_MAX, "did you mean %s?", other);
}

static void judge_domain(struct domain_names *n, const struct plan_domain *d, bool forward)
{
	char hint[DOMAIN_HINT_MAX];
	const char *use;

	if (plan_application_of(n->plan, d->name))
		return;
	if (!access_has(n->access, d->name)) {
		suggest_domain(n, d->name, hint);
		diag_add(n->diag, n->severity, d->pos, d->name, *hint ? hint : NULL,
			 *d->name == '@' ? "the policy has no such attribute" :
					   "the policy has no such domain");
		return;
	}
	if (*d->name == '@' || access_is_domain(n->access, d->name))
		return;
	/* what runs with a type that a new policy does not have */
	if (access_unlabeled(n->access) && !strcmp(access_unlabeled(n->access), d->name))
		return;
	use = other_use_of(n, d->name);
	/* a peer label can be nearly anything */
	if (!forward || use)
		diag_add(n->diag, n->severity, d->pos, d->name,
			 use ? use : "neither processes nor sockets can have it",
			 "this type is no domain");
}

void domain_names_judge(struct domain_names *n, const struct plan_domains *domains, bool forward)
{
	size_t i;

	for (i = 0; i < domains->n; i++)
		judge_domain(n, &domains->v[i], forward);
}

void domain_names_tell_applications(const struct domain_names *n)
{
	const struct plan_application *a;
	size_t i;

	for (i = 0; i < n->plan->n_applications; i++) {
		a = &n->plan->applications[i];
		if (!access_has(n->access, a->domain))
			diag_add(n->diag, DIAG_WARNING, a->pos, a->name,
				 "load the plan's module: secmarkctl policy --load PLAN",
				 "the policy does not have this application");
	}
}

static void judge_label_name(struct domain_names *n, const struct plan_label *label,
			     struct oracle *oracle)
{
	struct context ctx;
	const char *type = plan_label_type(label, &ctx);
	struct err err;

	if (plan_defines(n->plan, label) || access_has(n->access, type))
		return;
	err_set(&err, 0, "type '%s' is not in %s", type, oracle->policy);
	oracle_hint_type(oracle, type, &err);
	diag_add(n->diag, n->severity, label->pos, label->text, *err.hint ? err.hint : NULL, "%s",
		 err.what);
}

void domain_names_judge_plan(struct domain_names *n, struct oracle *oracle)
{
	enum diag_severity severity = n->severity;
	const struct plan_line *line;

	for (line = n->plan->lines; line < n->plan->lines + n->plan->n_lines; line++) {
		if (line->part)
			continue;
		judge_label_name(n, &line->label, oracle);
		domain_names_judge(n, &line->allow, line->side == SIDE_FORWARD);
		/* the module does without these */
		n->severity = DIAG_WARNING;
		domain_names_judge(n, &line->only, line->side == SIDE_FORWARD);
		n->severity = severity;
	}
}
