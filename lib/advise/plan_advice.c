// SPDX-License-Identifier: GPL-2.0-only
#include "advise/plan_advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "advise/plan_access.h"
#include "advise/plan_only.h"
#include "advise/unlabeled_access.h"
#include "base/err.h"
#include "plan/plan.h"
#include "selinux/oracle.h"
#include "selinux/packet_perms.h"
#include "util/buffer.h"
#include "util/run.h"

/* How many domains one warning names. */
#define NAMES_TOLD 10

unsigned int plan_advice_needed(const struct plan_line *line)
{
	return line->side == SIDE_FORWARD ? PACKET_FORWARD_IN | PACKET_FORWARD_OUT :
					    PACKET_SEND | PACKET_RECV;
}

/* Has the label an error already? */
static bool is_wrong(const struct diag *diag, const struct plan_label *label)
{
	const struct diag_entry *e;

	for (e = diag->v; e < diag->v + diag->n; e++)
		if (e->severity == DIAG_ERROR && e->pos.line == label->pos.line &&
		    e->pos.col == label->pos.col && !strcmp(e->pos.file, label->pos.file))
			return true;
	return false;
}

/* May this process load a rule with the label? True if nobody knows, and if iptables may, run by
 * it.
 */
static bool may_load(struct oracle *running, const char *context)
{
	char *iptables;
	int may = running->ops->may_relabelto(running, NULL, context);

	if (may)
		return true;
	iptables = run_find("iptables-restore");
	may = iptables ? running->ops->may_relabelto(running, iptables, context) : 0;
	free(iptables);
	return may == 1;
}

void plan_advice_label(struct plan_access *j, bool allows, const struct plan_line *line,
		       const struct access_grants *grants)
{
	static const char *const verbs[] = { "send or receive", "forward" };
	const char *verb = verbs[line->side == SIDE_FORWARD];
	size_t some = 0, all = 0, loaders = 0, domains = access_domains(j->access);
	unsigned int need = plan_advice_needed(line), all_have = access_everybody(j->access);
	const struct access_grant *g;

	if (is_wrong(j->diag, &line->label))
		return;
	for (g = grants->v; g < grants->v + grants->n; g++) {
		loaders += g->perms & PACKET_RELABELTO || g->permissive;
		some += (g->perms & need || g->permissive) &&
			!plan_only_is_kernel(j->access, g->domain);
		all += g->runs && (g->perms & need || g->permissive);
	}
	if (!some && !allows && !(all_have & need))
		diag_add(j->diag, DIAG_WARNING, line->label.pos, line->label.text, NULL,
			 "no domain may %s packets with this label", verb);
	if ((domains && all == domains) || all_have & need)
		diag_add(j->diag, DIAG_WARNING, line->label.pos, line->label.text, NULL,
			 "every domain may %s packets with this label", verb);
	if (!loaders && !(all_have & PACKET_RELABELTO))
		diag_add(j->diag, DIAG_WARNING, line->label.pos, line->label.text,
			 "it needs the permission relabelto of class packet",
			 "no domain may give packets this label");
	else if (j->running && !may_load(j->running, line->label.context))
		diag_add(j->diag, DIAG_WARNING, line->label.pos, line->label.text,
			 "it needs the permission relabelto of class packet",
			 "the policy does not allow this process to give packets this label");
}

/* What the policy lets a domain do with the label of the grants. */
static unsigned int granted(const struct access_grants *grants, const struct access *a,
			    const char *domain)
{
	const struct access_grant *g;

	for (g = grants->v; g < grants->v + grants->n; g++)
		if (access_is(a, g->domain, domain))
			return g->perms | access_everybody(a);
	return access_everybody(a);
}

void plan_advice_allowed(struct plan_access *j, const struct plan_line *line,
			 const struct access_grants *grants)
{
	const char *verb = line->side == SIDE_FORWARD ? "have packets with this label forwarded" :
							"send and receive packets with this label";
	unsigned int need = plan_advice_needed(line);
	const struct plan_domain *d;

	for (d = line->allow.v; d < line->allow.v + line->allow.n; d++) {
		/* the domains of an attribute may differ in what else they are given */
		if (*d->name == '@' || !access_has(j->access, d->name) ||
		    (line->side != SIDE_FORWARD && !access_is_domain(j->access, d->name)) ||
		    (granted(grants, j->access, d->name) & need) == need)
			continue;
		diag_add(j->diag, DIAG_WARNING, d->pos, d->name,
			 "load the plan's module: secmarkctl policy --load PLAN",
			 "the policy does not let this domain %s", verb);
	}
}

/* Does a line of the plan allow the domain? */
static bool any_allows(const struct access *a, const struct plan_line *const *lines, size_t n,
		       const char *domain)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (plan_only_has(a, &lines[i]->allow, domain))
			return true;
	return false;
}

void plan_advice_more(struct plan_access *j, const struct plan *plan,
		      const struct plan_line *const *lines, size_t n,
		      const struct access_grants *grants)
{
	const struct plan_label *label = &lines[0]->label;
	const struct access_grant *g;
	size_t i, len, more = 0;
	char *names;
	FILE *out;

	for (i = 0; i < n; i++)
		if (lines[i]->only.n)
			return;
	if (!plan_defines(plan, label))
		return;
	out = buffer_open(&names, &len);
	for (g = grants->v; g < grants->v + grants->n; g++) {
		if (!(g->perms & PACKET_USE) || plan_only_is_kernel(j->access, g->domain) ||
		    any_allows(j->access, lines, n, g->domain))
			continue;
		if (more < NAMES_TOLD)
			fprintf(out, "%s%s", more ? " " : "", g->domain);
		more++;
	}
	if (more > NAMES_TOLD)
		fprintf(out, " and %zu more", more - NAMES_TOLD);
	buffer_close(out);
	if (more)
		diag_add(j->diag, DIAG_WARNING, label->pos, label->text,
			 "if they are of an older module of the plan, load it again: secmarkctl "
			 "policy --load PLAN",
			 "these domains may use this label, and no line allows them: %s", names);
	free(names);
}

/* Is the rule there that the plan's module has for "unlabeled allow" and "unlabeled audit"? */
static bool has_rule_for_all(const struct access_grants *grants)
{
	const struct access_grant *g;
	size_t i;

	for (g = grants->v; g < grants->v + grants->n; g++)
		for (i = 0; i < g->n_rules; i++)
			if (g->rules[i]->on && unlabeled_access_is_for_all(g->rules[i]))
				return true;
	return false;
}

void plan_advice_unlabeled(struct plan_access *j, const struct plan *plan)
{
	const char *type = access_unlabeled(j->access);
	struct access_grants grants = { .v = NULL };
	bool denies = plan->unlabeled == PLAN_UNLABELED_DENY;
	struct err ignored;

	if (plan->unlabeled == PLAN_UNLABELED_UNSAID || (denies && j->advise) || !type ||
	    access_of_label(j->access, type, &grants, &ignored))
		return;
	if (has_rule_for_all(&grants) == denies)
		diag_add(j->diag, DIAG_WARNING, plan->unlabeled_pos, NULL,
			 "load the plan's module: secmarkctl policy --load PLAN",
			 "the policy %s every domain send and receive packets without a label",
			 denies ? "lets" : "does not let");
	access_grants_free(&grants);
}
