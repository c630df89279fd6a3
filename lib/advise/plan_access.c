// SPDX-License-Identifier: GPL-2.0-only
#include "advise/plan_access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "base/err.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/run.h"

/* How many bytes of names are in one error: the rest is in the next one. */
#define NAMES_MAX 600

bool plan_access_promises(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].only.n)
			return true;
	return false;
}

bool plan_access_allows(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].allow.n)
			return true;
	return false;
}

static bool is_named(const struct access *a, const struct plan_domains *domains, const char *type)
{
	size_t i;

	for (i = 0; i < domains->n; i++)
		if (access_is(a, type, domains->v[i].name))
			return true;
	return false;
}

static bool is_kernel(const struct access *a, const char *domain)
{
	const char *kernel = access_kernel(a);

	return kernel && !strcmp(kernel, domain);
}

/* Does this domain break the promise? */
static bool breaks(const struct plan_access *j, const struct plan_line *line,
		   const struct access_grant *g)
{
	/* such as unlabeled_t: no program has it, but forwarded packets may */
	if (!g->runs && line->side != SIDE_FORWARD)
		return false;
	return (g->perms & ACCESS_USE || g->permissive) && !is_kernel(j->access, g->domain) &&
	       !is_named(j->access, &line->only, g->domain);
}

static bool gives(const struct access_grant *g, const struct access_rule *rule)
{
	size_t i;

	for (i = 0; i < g->n_rules; i++)
		if (g->rules[i] == rule)
			return true;
	return false;
}

/* The smallest change that ends what a rule gives; nothing if an earlier error has it. */
static void hint_change(const struct plan *plan, const struct plan_line *line,
			const struct access_rule *rule, char *hint, size_t size, bool *told)
{
	const struct access_boolean *b = rule->booleans;

	*hint = '\0';
	if (rule->n_booleans == 1)
		snprintf(hint, size, "setsebool -P %s %s ends it", b->name, b->on ? "off" : "on");
	else if (rule->n_booleans && rule->branch && !strpbrk(rule->condition, "|^=!("))
		snprintf(hint, size, "setsebool -P %s off ends it", b->name);
	else if (plan_defines(plan, &line->label))
		snprintf(hint, size, "take the rule out of the policy: the type is the plan's own");
	else if (!*told) {
		snprintf(hint, size, "give the line a type of its own: type my_%s",
			 strchr(line->label.text, ':') ? "packet_t" : line->label.text);
		*told = true;
	}
}

static void add_broken(struct plan_access *j, const struct plan_line *line, const char *names,
		       const char *rule, const char *hint)
{
	diag_add(j->diag, j->broken, line->only.v[0].pos, line->label.text, *hint ? hint : NULL,
		 "\"%s\" gives this label to other domains: %s", rule, names);
}

/* Names the domains that a rule gives the label to. */
static void name_domains(struct plan_access *j, const struct plan *plan,
			 const struct plan_line *line, const struct access_grants *grants,
			 const struct access_rule *rule, bool *told)
{
	char names[NAMES_MAX + 1] = "", hint[256], *text = access_rule_text(rule);
	const struct access_grant *g;
	size_t used = 0, len;

	hint_change(plan, line, rule, hint, sizeof(hint), told);
	for (g = grants->v; g < grants->v + grants->n; g++) {
		if (!breaks(j, line, g) || !gives(g, rule))
			continue;
		len = strlen(g->domain);
		if (used && used + len + 1 > NAMES_MAX) {
			add_broken(j, line, names, text, hint);
			used = 0;
		}
		used += snprintf(names + used, sizeof(names) - used, "%s%.*s", used ? " " : "",
				 NAMES_MAX - 1, g->domain);
	}
	if (used)
		add_broken(j, line, names, text, hint);
	free(text);
}

/* Has an earlier grant that breaks the promise the same rule? */
static bool was_named(const struct plan_access *j, const struct plan_line *line,
		      const struct access_grants *grants, const struct access_grant *until,
		      const struct access_rule *rule)
{
	const struct access_grant *g;

	for (g = grants->v; g < until; g++)
		if (breaks(j, line, g) && gives(g, rule))
			return true;
	return false;
}

/* Adds an error for each rule that breaks the promise of a line. Returns whether there is one. */
static bool judge_grants(struct plan_access *j, const struct plan *plan,
			 const struct plan_line *line, const struct access_grants *grants)
{
	const struct access_rule *rule;
	const struct access_grant *g;
	bool broken = false, told = false;
	size_t i;

	for (g = grants->v; g < grants->v + grants->n; g++) {
		if (!breaks(j, line, g))
			continue;
		broken = true;
		if (g->permissive)
			diag_add(j->diag, j->broken, line->only.v[0].pos, line->label.text, NULL,
				 "domain %s is permissive: the kernel denies it nothing",
				 g->domain);
		for (i = 0; i < g->n_rules; i++) {
			rule = g->rules[i];
			if (rule->on && rule->perms & g->perms & ACCESS_USE &&
			    !was_named(j, line, grants, g, rule))
				name_domains(j, plan, line, grants, rule, &told);
		}
	}
	return broken;
}

/* Is what a line allows also named by the promise of another one? */
static bool is_promised(const struct access *a, const struct plan_line *line, const char *name)
{
	size_t i;

	for (i = 0; i < line->only.n; i++)
		if (!strcmp(line->only.v[i].name, name))
			return true;
	return *name != '@' && is_named(a, &line->only, name);
}

/* The lines with one type, in the order of the plan but for their contexts. */
struct lines_of_label {
	const struct plan_line **v;
	size_t n;
};

/* What the plan's module would allow. Returns whether that breaks the promise. */
static bool judge_own(struct plan_access *j, const struct lines_of_label *same,
		      const struct plan_line *line)
{
	const struct plan_line *other;
	const struct plan_domain *d;
	bool broken = false;
	char hint[256];
	size_t i;

	for (i = 0; i < same->n; i++) {
		other = same->v[i];
		for (d = other->allow.v; d < other->allow.v + other->allow.n; d++) {
			if (is_promised(j->access, line, d->name))
				continue;
			snprintf(hint, sizeof(hint), "%s:%u has \"only\" without it",
				 line->pos.file, line->pos.line);
			diag_add(j->diag, j->broken, d->pos, d->name, hint,
				 "the plan itself allows another domain");
			broken = true;
		}
	}
	return broken;
}

/* Names the kernel and those that only load rules. */
static char *name_apart(const struct plan_access *j, const struct plan_line *line,
			const struct access_grants *grants)
{
	const struct access_grant *g;
	const char *between = "";
	char *text, *perms;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	for (g = grants->v; g < grants->v + grants->n; g++) {
		if (!g->perms || is_named(j->access, &line->only, g->domain) || breaks(j, line, g))
			continue;
		perms = access_perms_text(g->perms);
		fprintf(out, "%s%s (%s)", between, g->domain, perms);
		between = ", ";
		free(perms);
	}
	buffer_close(out);
	return text;
}

/* Names the domains that the policy does not have. */
static void tell_unknown(const struct access *a, const struct plan_domains *domains,
			 enum diag_severity severity, struct diag *diag)
{
	const struct plan_domain *d;
	char other[256], hint[300];

	for (d = domains->v; d < domains->v + domains->n; d++) {
		if (access_has(a, d->name))
			continue;
		snprintf(other, sizeof(other), "%s%s", *d->name == '@' ? "" : "@",
			 d->name + (*d->name == '@'));
		snprintf(hint, sizeof(hint), "did you mean %s?", other);
		diag_add(diag, severity, d->pos, d->name, access_has(a, other) ? hint : NULL,
			 *d->name == '@' ? "the policy has no such attribute" :
					   "the policy has no such domain");
	}
}

static void warn_of_unknown(struct plan_access *j, const struct plan_domains *domains)
{
	tell_unknown(j->access, domains, DIAG_WARNING, j->diag);
}

void plan_access_refuse_unknown(const struct access *a, const struct plan *plan, struct diag *diag)
{
	const struct plan_line *line;

	for (line = plan->lines; line < plan->lines + plan->n_lines; line++)
		if (!line->part)
			tell_unknown(a, &line->allow, DIAG_ERROR, diag);
}

static bool judge_promise(struct plan_access *j, const struct plan *plan,
			  const struct lines_of_label *same, const struct plan_line *line,
			  const struct access_grants *grants)
{
	struct plan_access_promise *p;
	bool broken = judge_own(j, same, line);

	warn_of_unknown(j, &line->only);
	broken = judge_grants(j, plan, line, grants) || broken;
	j->v = alloc_one_more(j->v, j->n, sizeof(*j->v));
	p = &j->v[j->n++];
	*p = (struct plan_access_promise){ .line = line, .kept = !broken };
	p->apart = name_apart(j, line, grants);
	return broken;
}

/* Would the plan's module give the label to somebody? */
static bool allows_any(const struct lines_of_label *same)
{
	size_t i;

	for (i = 0; i < same->n; i++)
		if (same->v[i]->allow.n)
			return true;
	return false;
}

/* What a domain needs to talk at all, by the side of a line. */
static unsigned int needed(const struct plan_line *line)
{
	return line->side == SIDE_FORWARD ? ACCESS_FORWARD_IN | ACCESS_FORWARD_OUT :
					    ACCESS_SEND | ACCESS_RECV;
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

/* Warns about a label that nobody may use, everybody may use, or nobody may load. */
static void advise_label(struct plan_access *j, const struct lines_of_label *same,
			 const struct plan_line *line, const struct access_grants *grants)
{
	static const char *const verbs[] = { "send or receive", "forward" };
	const char *verb = verbs[line->side == SIDE_FORWARD];
	size_t some = 0, all = 0, loaders = 0, domains = access_domains(j->access);
	unsigned int need = needed(line);
	const struct access_grant *g;

	if (is_wrong(j->diag, &line->label))
		return;
	for (g = grants->v; g < grants->v + grants->n; g++) {
		loaders += g->perms & ACCESS_RELABELTO || g->permissive;
		some += (g->perms & need || g->permissive) && !is_kernel(j->access, g->domain);
		all += g->runs && (g->perms & need || g->permissive);
	}
	if (!some && !allows_any(same))
		diag_add(j->diag, DIAG_WARNING, line->label.pos, line->label.text, NULL,
			 "no domain may %s packets with this label", verb);
	if (domains && all == domains)
		diag_add(j->diag, DIAG_WARNING, line->label.pos, line->label.text, NULL,
			 "every domain may %s packets with this label", verb);
	if (!loaders)
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
			return g->perms;
	return 0;
}

/* Warns of each domain that a line allows, and the policy does not: the plan's module is missing or
 * older than the plan. */
static void advise_allowed(struct plan_access *j, const struct plan_line *line,
			   const struct access_grants *grants)
{
	const char *verb = line->side == SIDE_FORWARD ? "have packets with this label forwarded" :
							"send and receive packets with this label";
	unsigned int need = needed(line);
	const struct plan_domain *d;

	warn_of_unknown(j, &line->allow);
	for (d = line->allow.v; d < line->allow.v + line->allow.n; d++) {
		/* the domains of an attribute may differ in what else they are given */
		if (*d->name == '@' || !access_has(j->access, d->name) ||
		    (granted(grants, j->access, d->name) & need) == need)
			continue;
		diag_add(j->diag, DIAG_WARNING, d->pos, d->name,
			 "load the plan's module: secmarkctl policy --load PLAN",
			 "the policy does not let this domain %s", verb);
	}
}

/* The module of the plan gives types to domains, so one type is one label, however the lines write
 * it. */
static int compare_label_types(const struct plan_line *a, const struct plan_line *b)
{
	struct context x, y;

	return strcmp(plan_label_type(&a->label, &x), plan_label_type(&b->label, &y));
}

static int by_label(const void *x, const void *y)
{
	const struct plan_line *a = *(const struct plan_line *const *)x;
	const struct plan_line *b = *(const struct plan_line *const *)y;
	int order = compare_label_types(a, b);

	if (!order)
		order = strcmp(a->label.context, b->label.context);
	return order ? order : (a > b) - (a < b);
}

static int by_line(const void *x, const void *y)
{
	const struct plan_access_promise *a = x, *b = y;

	return (a->line > b->line) - (a->line < b->line);
}

/* Judges the lines with one label. Returns whether a promise is broken. */
static bool judge_label(struct plan_access *j, const struct plan *plan,
			const struct lines_of_label *same)
{
	struct access_grants grants = { .v = NULL };
	bool broken = false, told[2] = { false, false };
	const struct plan_line *line;
	struct err ignored;
	int ret = 0;
	size_t i;

	for (i = 0; i < same->n; i++) {
		bool forward = same->v[i]->side == SIDE_FORWARD;

		line = same->v[i];
		if (!i || strcmp(line->label.context, same->v[i - 1]->label.context)) {
			access_grants_free(&grants);
			/* a type of the plan may not be in the policy yet: then nobody has it */
			ret = access_of_label(j->access, line->label.context, &grants, &ignored);
		}
		if (line->only.n)
			broken = judge_promise(j, plan, same, line, &grants) || broken;
		if (j->advise && !ret && !told[forward])
			advise_label(j, same, line, &grants);
		told[forward] = true;
		advise_allowed(j, line, &grants);
	}
	access_grants_free(&grants);
	return broken;
}

int plan_access_judge(struct plan_access *j, const struct plan *plan)
{
	const struct plan_line **lines = alloc_zeroed(plan->n_lines + 1, sizeof(*lines)), *line;
	struct lines_of_label same = { .v = lines };
	bool broken = false;
	size_t n = 0;

	/* a line with several protocols is judged once */
	for (line = plan->lines; line < plan->lines + plan->n_lines; line++)
		if (!line->part && line->label.context)
			lines[n++] = line;
	qsort(lines, n, sizeof(*lines), by_label);
	for (; same.v < lines + n; same.v += same.n) {
		for (same.n = 1; same.v + same.n < lines + n; same.n++)
			if (compare_label_types(same.v[same.n], same.v[0]))
				break;
		broken = judge_label(j, plan, &same) || broken;
	}
	free(lines);
	if (j->n)
		qsort(j->v, j->n, sizeof(*j->v), by_line);
	return broken ? -EPERM : 0;
}

void plan_access_free(struct plan_access *j)
{
	size_t i;

	for (i = 0; i < j->n; i++)
		free(j->v[i].apart);
	free(j->v);
	j->v = NULL;
	j->n = 0;
}
