// SPDX-License-Identifier: GPL-2.0-only
#include "advise/unlabeled_access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "advise/access_text.h"
#include "base/err.h"
#include "plan/plan.h"
#include "selinux/domain_attribute.h"
#include "selinux/packet_perms.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/diag.h"

/* How many domains a warning names. */
#define NAMED_MAX 30

/* Fedora has a module that is there to be disabled: unlabelednet grants packets without a label to
 * this attribute, which most domains have (its policy/modules/kernel/unlabelednet.te). */
#define UNLABELEDNET_ATTRIBUTE "corenet_unlabeled_type"
#define UNLABELEDNET "semodule -d unlabelednet"

/* What is told, and where. */
struct telling {
	const struct plan *plan;
	const struct access *a;
	const struct access_grants *grants;
	const struct unlabeled_access_older *older;
	struct diag *diag;
};

/* May a program, or a forwarded packet, use the permission? The kernel's own domain needs it. */
static bool counts(const struct access *a, const struct access_grant *g)
{
	const char *kernel = access_kernel(a);

	return g->perms & PACKET_USE && (!kernel || strcmp(g->domain, kernel));
}

static bool has_rule(const struct access_grant *g, const struct access_rule *rule)
{
	size_t i;

	for (i = 0; i < g->n_rules; i++)
		if (g->rules[i] == rule)
			return rule->on && rule->perms & g->perms & PACKET_USE;
	return false;
}

/* Names the domains of a rule. The caller frees the text. */
static char *domains_text(const struct access *a, const struct access_grants *grants,
			  const struct access_rule *rule, size_t *n)
{
	const struct access_grant *g;
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	*n = 0;
	for (g = grants->v; g < grants->v + grants->n; g++)
		if (counts(a, g) && has_rule(g, rule) && (*n)++ < NAMED_MAX)
			fprintf(out, " %s", g->domain);
	if (*n > NAMED_MAX)
		fprintf(out, " and %zu more", *n - NAMED_MAX);
	buffer_close(out);
	return text;
}

bool unlabeled_access_is_for_all(const struct access_rule *rule)
{
	unsigned int both = PACKET_SEND | PACKET_RECV;

	return !strcmp(rule->source, DOMAIN_ATTRIBUTE) && (rule->perms & both) == both;
}

/* Looks the rule as one that the module of a plan has for packets without a label? That one has no
 * condition, and no more permissions. */
static bool looks_like_ours(const struct access *a, const struct access_rule *rule)
{
	const char *type = access_unlabeled(a);

	return unlabeled_access_is_for_all(rule) && !rule->condition && type &&
	       !strcmp(rule->target, type) && rule->perms == (PACKET_SEND | PACKET_RECV);
}

static void tell_rule(const struct telling *t, const struct access_rule *rule)
{
	char command[200], hint[220], *text = access_rule_text(rule), *domains;
	size_t n;

	domains = domains_text(t->a, t->grants, rule, &n);
	access_rule_switch(rule, false, command, sizeof(command));
	if (!*command && !strcmp(rule->source, UNLABELEDNET_ATTRIBUTE))
		snprintf(command, sizeof(command), "%s", UNLABELEDNET);
	snprintf(hint, sizeof(hint), "%s ends it", command);
	if (!*command && !t->older && looks_like_ours(t->a, rule))
		snprintf(hint, sizeof(hint),
			 "if it is of an older module of the plan, load it again: secmarkctl "
			 "policy --load PLAN");
	else if (!*command)
		*hint = '\0';
	diag_add(t->diag, DIAG_WARNING, t->plan->unlabeled_pos, NULL, *hint ? hint : NULL,
		 "\"%s\" still lets %zu domain%s use packets without a label:%s", text, n,
		 n == 1 ? "" : "s", domains);
	free(domains);
	free(text);
}

/* Has an earlier grant the same rule? */
static bool was_told(const struct access *a, const struct access_grant *first,
		     const struct access_grant *until, const struct access_rule *rule)
{
	const struct access_grant *g;

	for (g = first; g < until; g++)
		if (counts(a, g) && has_rule(g, rule))
			return true;
	return false;
}

static void tell_grants(const struct telling *t)
{
	const struct access_grants *grants = t->grants;
	const struct access_grant *g;
	const struct access_rule *rule;
	size_t i;

	for (g = grants->v; g < grants->v + grants->n; g++) {
		for (i = 0; counts(t->a, g) && i < g->n_rules; i++) {
			rule = g->rules[i];
			if (has_rule(g, rule) && !was_told(t->a, grants->v, g, rule) &&
			    !(t->older && t->older->ends(t->older->arg, rule)))
				tell_rule(t, rule);
		}
	}
}

static void tell_everybody(const struct plan *plan, const struct access *a, struct diag *diag)
{
	unsigned int perms = access_everybody(a) & PACKET_USE;
	char *text = perms ? access_perms_text(perms) : NULL;

	if (text)
		diag_add(diag, DIAG_WARNING, plan->unlabeled_pos, NULL, NULL,
			 "every domain still has %s for packets without a label: class packet of "
			 "the policy lacks it, and the policy allows what it lacks",
			 text);
	free(text);
}

void unlabeled_access_tell(const struct plan *plan, struct access *a, const struct err *why,
			   const struct unlabeled_access_older *older, struct diag *diag)
{
	const char *type = a ? access_unlabeled(a) : NULL;
	struct access_grants grants = { .v = NULL };
	const struct telling t = { plan, a, &grants, older, diag };
	struct err ignored;

	if (plan->unlabeled != PLAN_UNLABELED_DENY)
		return;
	if (!a)
		diag_add(diag, DIAG_WARNING, plan->unlabeled_pos, NULL,
			 *why->hint ? why->hint : NULL,
			 "what the policy grants for packets without a label stays, and is not "
			 "known: %s",
			 why->what);
	if (type && !access_of_label(a, type, &grants, &ignored)) {
		tell_everybody(plan, a, diag);
		tell_grants(&t);
	}
	access_grants_free(&grants);
}
