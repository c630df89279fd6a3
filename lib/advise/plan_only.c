// SPDX-License-Identifier: GPL-2.0-only
#include "advise/plan_only.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "advise/access_text.h"
#include "advise/plan_access.h"
#include "advise/plan_advice.h"
#include "plan/plan.h"
#include "selinux/packet_perms.h"
#include "util/alloc.h"
#include "util/buffer.h"

/* How many bytes of names are in one error: the rest is in the next one. */
#define NAMES_MAX 600

/* The promise of a line, and the grants that could break it. */
struct judgement {
	struct plan_access *j;
	const struct plan *plan;
	const struct plan_line *line;
	const struct access_grants *grants;
	bool *counts; /* by grant: it breaks the promise, or would with other booleans */
	bool now;     /* which of both */
	bool told;    /* an earlier error has the change that needs no boolean */
};

bool plan_only_has(const struct access *a, const struct plan_domains *domains, const char *type)
{
	size_t i;

	for (i = 0; i < domains->n; i++)
		if (access_is(a, type, domains->v[i].name))
			return true;
	return false;
}

bool plan_only_is_kernel(const struct access *a, const char *domain)
{
	const char *kernel = access_kernel(a);

	return kernel && !strcmp(kernel, domain);
}

/* Is the promise about this domain? */
static bool concerns(const struct plan_access *j, const struct plan_line *line,
		     const struct access_grant *g)
{
	/* such as unlabeled_t: no program has it, but forwarded packets may */
	if (!g->runs && !g->socket && line->side != SIDE_FORWARD)
		return false;
	return !plan_only_is_kernel(j->access, g->domain) &&
	       !plan_only_has(j->access, &line->only, g->domain);
}

/* Does this domain break the promise? */
static bool breaks(const struct plan_access *j, const struct plan_line *line,
		   const struct access_grant *g)
{
	return (g->perms & PACKET_USE || g->permissive) && concerns(j, line, g);
}

/* Would it with other booleans? */
static bool could_break(const struct plan_access *j, const struct plan_line *line,
			const struct access_grant *g)
{
	return !(g->perms & PACKET_USE) && !g->permissive && g->possible & PACKET_USE &&
	       concerns(j, line, g);
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
static void hint_change(struct judgement *o, const struct access_rule *rule, char *hint,
			size_t size)
{
	const struct plan_label *label = &o->line->label;
	char command[200];

	*hint = '\0';
	access_rule_switch(rule, !o->now, command, sizeof(command));
	if (*command)
		snprintf(hint, size, o->now ? "%s ends it" : "after %s", command);
	else if (!o->now)
		return;
	else if (plan_defines(o->plan, label))
		snprintf(hint, size, "take the rule out of the policy: the type is the plan's own");
	else if (!o->told) {
		snprintf(hint, size, "give the line a type of its own: type my_%s",
			 strchr(label->text, ':') ? "packet_t" : label->text);
		o->told = true;
	}
}

static void add_broken(struct judgement *o, const char *names, const char *rule, const char *hint)
{
	diag_add(o->j->diag, o->now ? o->j->broken : DIAG_WARNING, o->line->only.v[0].pos,
		 o->line->label.text, *hint ? hint : NULL,
		 o->now ? "\"%s\" gives this label to other domains: %s" :
			  "\"%s\" would give this label to other domains: %s",
		 rule, names);
}

/* Names the domains that a rule gives the label to. */
static void name_domains(struct judgement *o, const struct access_rule *rule)
{
	char names[NAMES_MAX + 1] = "", hint[256], *text = access_rule_text(rule);
	const struct access_grant *g;
	size_t used = 0, len, i;

	hint_change(o, rule, hint, sizeof(hint));
	for (i = 0; i < o->grants->n; i++) {
		g = &o->grants->v[i];
		if (!o->counts[i] || !gives(g, rule))
			continue;
		len = strlen(g->domain);
		if (used && used + len + 1 > NAMES_MAX) {
			add_broken(o, names, text, hint);
			used = 0;
		}
		used += snprintf(names + used, sizeof(names) - used, "%s%.*s", used ? " " : "",
				 NAMES_MAX - 1, g->domain);
	}
	if (used)
		add_broken(o, names, text, hint);
	free(text);
}

/* Has an earlier grant that counts the same rule? */
static bool was_named(const struct judgement *o, size_t until, const struct access_rule *rule)
{
	size_t i;

	for (i = 0; i < until; i++)
		if (o->counts[i] && gives(&o->grants->v[i], rule))
			return true;
	return false;
}

/* Adds an error or a warning for each rule of the grants that count. Returns whether one does. */
static bool name_rules(struct judgement *o,
		       bool (*counts)(const struct plan_access *j, const struct plan_line *line,
				      const struct access_grant *g))
{
	const struct access_rule *rule;
	const struct access_grant *g;
	bool any = false;
	size_t i, k;

	for (i = 0; i < o->grants->n; i++)
		any |= o->counts[i] = counts(o->j, o->line, &o->grants->v[i]);
	for (i = 0; i < o->grants->n; i++) {
		g = &o->grants->v[i];
		for (k = 0; o->counts[i] && k < g->n_rules; k++) {
			rule = g->rules[k];
			if (rule->on == o->now && !was_named(o, i, rule) &&
			    rule->perms & (o->now ? g->perms : g->possible) & PACKET_USE)
				name_domains(o, rule);
		}
	}
	return any;
}

static void name_permissive(const struct judgement *o)
{
	const struct access_grant *g;

	for (g = o->grants->v; g < o->grants->v + o->grants->n; g++)
		if (g->permissive && breaks(o->j, o->line, g))
			diag_add(o->j->diag, o->j->broken, o->line->only.v[0].pos,
				 o->line->label.text, NULL,
				 "domain %s is permissive: the kernel denies it nothing",
				 g->domain);
}

/* The policy lacks permissions that the line is about, and allows what it lacks. */
static bool judge_everybody(const struct judgement *o)
{
	unsigned int perms = access_everybody(o->j->access) & plan_advice_needed(o->line);
	char *text = perms ? access_perms_text(perms) : NULL;

	if (text)
		diag_add(o->j->diag, o->j->broken, o->line->only.v[0].pos, o->line->label.text,
			 NULL,
			 "every domain has %s: class packet of the policy lacks it, and the policy "
			 "allows what it lacks",
			 text);
	free(text);
	return perms;
}

bool plan_only_judge(struct plan_access *j, const struct plan *plan, const struct plan_line *line,
		     const struct access_grants *grants)
{
	struct judgement o = { .j = j, .plan = plan, .line = line, .grants = grants, .now = true };
	bool broken;

	o.counts = alloc_zeroed(grants->n + 1, sizeof(*o.counts));
	broken = judge_everybody(&o);
	name_permissive(&o);
	broken |= name_rules(&o, breaks);
	o.now = false;
	/* at boot nobody is there to turn a boolean */
	if (j->broken == DIAG_ERROR)
		name_rules(&o, could_break);
	free(o.counts);
	return broken;
}

char *plan_only_apart(const struct plan_access *j, const struct plan_line *line,
		      const struct access_grants *grants)
{
	const struct access_grant *g;
	const char *between = "";
	char *text, *perms;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	for (g = grants->v; g < grants->v + grants->n; g++) {
		if (!g->perms || plan_only_has(j->access, &line->only, g->domain) ||
		    breaks(j, line, g))
			continue;
		perms = access_perms_text(g->perms);
		fprintf(out, "%s%s (%s)", between, g->domain, perms);
		between = ", ";
		free(perms);
	}
	buffer_close(out);
	return text;
}
