// SPDX-License-Identifier: GPL-2.0-only
#include "advise/preflight_access.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "advise/preflight.h"
#include "base/err.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "selinux/packet_perms.h"
#include "util/alloc.h"

#define NEEDED (PACKET_SEND | PACKET_RECV)

/* What the policy said about a pair. Both texts are kept once, so their addresses tell them. */
struct answer {
	const char *domain, *label;
	unsigned int lacks;
	int error;
};

static int compare_preflight_texts(const void *x, const void *y)
{
	return strcmp(x, y);
}

static int compare_answers(const void *x, const void *y)
{
	const struct answer *a = x, *b = y;

	if (a->domain != b->domain)
		return a->domain < b->domain ? -1 : 1;
	return (a->label > b->label) - (a->label < b->label);
}

/* tsearch(3) without memory returns NULL. */
static void **preflight_node(void **node)
{
	alloc_check(node ? 0 : -ENOMEM);
	return node;
}

const char *preflight_context(struct preflight *p, const char *context)
{
	void **node = preflight_node(tsearch(context, &p->contexts, compare_preflight_texts));

	if (*node == context)
		*node = alloc_copy(context);
	return *node;
}

/* Will the plan's module let the domain use the type? Its lines of one type grant it together. */
static bool plan_allows(const struct preflight *p, const char *domain, const char *type)
{
	const struct plan_line *line, *end = p->plan->lines + p->plan->n_lines;
	struct context ctx;
	size_t i;

	for (line = p->plan->lines; line < end; line++) {
		if (strcmp(plan_label_type(&line->label, &ctx), type))
			continue;
		for (i = 0; i < line->allow.n; i++)
			if (access_is(p->access, domain, line->allow.v[i].name))
				return true;
	}
	return false;
}

static void preflight_ask(const struct preflight *p, const struct plan_line *line, struct answer *a)
{
	struct access_grants grants = { .v = NULL };
	struct context domain, ctx;
	unsigned int has;
	const char *type;
	struct err err;

	a->error = context_parse(a->domain, &domain, &err);
	if (!a->error)
		a->error = access_judge_domain(p->access, domain.type, &err);
	if (a->error) {
		a->error = -EINVAL;
		return;
	}
	type = line ? plan_label_type(&line->label, &ctx) : NULL;
	if (line && plan_defines(p->plan, &line->label) && !access_has(p->access, type)) {
		a->lacks = plan_allows(p, domain.type, type) ? 0 : NEEDED;
		return;
	}
	a->error = access_of(p->access, a->domain, a->label, &grants, &err);
	has = access_everybody(p->access);
	if (grants.n)
		has |= grants.v[0].permissive ? NEEDED : grants.v[0].perms;
	a->lacks = NEEDED & ~has;
	access_grants_free(&grants);
}

int preflight_lacks(struct preflight *p, const char *domain, const char *label,
		    const struct plan_line *line, unsigned int *lacks)
{
	struct answer wanted = { .domain = domain, .label = label }, *answer;
	void **node = preflight_node(tsearch(&wanted, &p->answers, compare_answers));

	if (*node == &wanted) {
		*node = answer = alloc_zeroed(1, sizeof(*answer));
		*answer = wanted;
		preflight_ask(p, line, answer);
	}
	answer = *node;
	*lacks = answer->lacks;
	return answer->error;
}

void preflight_access_free(struct preflight *p)
{
	tdestroy(p->contexts, free);
	tdestroy(p->answers, free);
	p->contexts = p->answers = NULL;
}
