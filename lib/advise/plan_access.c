// SPDX-License-Identifier: GPL-2.0-only
#include "advise/plan_access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "advise/plan_advice.h"
#include "advise/plan_only.h"
#include "base/err.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "util/alloc.h"

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

/* Does the promise of a line name a type, or an attribute of it? */
struct promise {
	const struct access *a;
	const struct plan_line *line;
};

static bool promise_has(void *arg, const char *type)
{
	const struct promise *p = arg;

	return plan_only_has(p->a, &p->line->only, type);
}

/* Is what a line allows also named by the promise of another one? Without a policy, nobody can tell
 * what an attribute means. */
static bool is_promised(const struct access *a, const struct plan_line *line, const char *name)
{
	struct promise promise = { a, line };
	size_t i;

	if (!a && *name == '@')
		return true;
	for (i = 0; i < line->only.n; i++)
		if (!strcmp(line->only.v[i].name, name) || (!a && line->only.v[i].name[0] == '@'))
			return true;
	if (!a)
		return false;
	return *name == '@' ? access_all_of(a, name, promise_has, &promise) :
			      plan_only_has(a, &line->only, name);
}

/* The lines with one type, in the order of the plan but for their contexts. */
struct lines_of_label {
	const struct plan_line **v;
	size_t n;
};

/* What the plan's module would allow. Returns whether that breaks the promise. */
static bool judge_own(const struct access *a, const struct lines_of_label *same,
		      const struct plan_line *line, enum diag_severity severity, struct diag *diag)
{
	const struct plan_line *other;
	const struct plan_domain *d;
	bool broken = false;
	char hint[256];
	size_t i;

	for (i = 0; i < same->n; i++) {
		other = same->v[i];
		for (d = other->allow.v; d < other->allow.v + other->allow.n; d++) {
			if (is_promised(a, line, d->name))
				continue;
			snprintf(hint, sizeof(hint), "%s:%u has \"only\" without it",
				 line->pos.file, line->pos.line);
			diag_add(diag, severity, d->pos, d->name, hint,
				 "the plan itself allows another domain");
			broken = true;
		}
	}
	return broken;
}

/* A promise that was judged. Other lines may make it, too. */
struct judged {
	const struct plan_line *line;
	size_t set; /* which context it was about */
	bool own_broken, broken;
	size_t promise; /* in plan_access.v */
};

/* The lines with one type, and what was judged of them. */
struct label_judgement {
	struct lines_of_label same;
	struct access_grants grants; /* of the context that is judged */
	size_t set;                  /* counts the contexts */
	bool known;                  /* the policy has the context */
	struct judged *v;
	size_t n;
};

static bool same_domains(const struct plan_domains *a, const struct plan_domains *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++)
		if (strcmp(a->v[i].name, b->v[i].name))
			return false;
	return a->n == b->n;
}

/* Finds a line that promised the same; NULL: none did. */
static struct judged *find_judged(const struct label_judgement *l, const struct plan_line *line)
{
	struct judged *found = NULL, *o;

	for (o = l->v; o < l->v + l->n; o++) {
		if ((o->line->side == SIDE_FORWARD) != (line->side == SIDE_FORWARD) ||
		    !same_domains(&o->line->only, &line->only))
			continue;
		found = o;
		if (o->set == l->set)
			break;
	}
	return found;
}

static void add_promise(struct plan_access *j, const struct plan_line *line, bool broken,
			bool known, char *apart)
{
	j->v = alloc_one_more(j->v, j->n, sizeof(*j->v));
	j->v[j->n++] = (struct plan_access_promise){
		.line = line, .kept = !broken, .known = known, .apart = apart
	};
}

/* The same errors at each line would be very many. */
static bool repeat_promise(struct plan_access *j, const struct plan_line *line,
			   const struct judged *o)
{
	char place[256];

	snprintf(place, sizeof(place), "%s:%u", o->line->pos.file, o->line->pos.line);
	if (o->broken)
		diag_add(j->diag, j->broken, line->only.v[0].pos, line->label.text, NULL,
			 "\"only\" is broken as at %s", place);
	add_promise(j, line, o->broken, j->v[o->promise].known, alloc_copy(j->v[o->promise].apart));
	return o->broken;
}

static bool judge_promise(struct plan_access *j, const struct plan *plan, struct label_judgement *l,
			  const struct plan_line *line)
{
	const struct judged *before = find_judged(l, line);
	bool own_broken;
	struct judged *o;

	domain_names_judge(&j->names, &line->only, line->side == SIDE_FORWARD);
	if (before && before->set == l->set)
		return repeat_promise(j, line, before);
	own_broken = before ? before->own_broken :
			      judge_own(j->access, &l->same, line, j->broken, j->diag);
	l->v = alloc_one_more(l->v, l->n, sizeof(*l->v));
	o = &l->v[l->n++];
	*o = (struct judged){ .line = line, .set = l->set, .promise = j->n };
	o->own_broken = own_broken;
	o->broken = plan_only_judge(j, plan, line, &l->grants) || own_broken;
	add_promise(j, line, o->broken, l->known, plan_only_apart(j, line, &l->grants));
	return o->broken;
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

/* Do two contexts of one type have the same grants? Their rules are those of the type. */
static bool same_grants(const struct access_grants *a, const struct access_grants *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++)
		if (a->v[i].domain != b->v[i].domain || a->v[i].perms != b->v[i].perms ||
		    a->v[i].possible != b->v[i].possible)
			return false;
	return a->n == b->n;
}

/* Who may use the label of a line? Without constraints, all contexts of a type are the same. */
static void find_grants(struct plan_access *j, struct label_judgement *l, size_t i)
{
	const char *context = l->same.v[i]->label.context;
	struct access_grants before = l->grants;
	struct err ignored;

	if (i && (!strcmp(context, l->same.v[i - 1]->label.context) ||
		  (l->known && !access_has_constraints(j->access))))
		return;
	l->grants = (struct access_grants){ .v = NULL };
	/* a type of the plan may not be in the policy yet: then nobody has it */
	l->known = !access_of_label(j->access, context, &l->grants, &ignored);
	if (!i || !same_grants(&before, &l->grants))
		l->set++;
	access_grants_free(&before);
}

/* Judges the lines with one label. Returns whether a promise is broken. */
static bool judge_label(struct plan_access *j, const struct plan *plan,
			const struct lines_of_label *same)
{
	struct label_judgement l = { .same = *same };
	bool broken = false, told[2] = { false, false }, allows = allows_any(same);
	const struct plan_line *line;
	size_t i;

	for (i = 0; i < same->n; i++) {
		bool forward = same->v[i]->side == SIDE_FORWARD;

		line = same->v[i];
		find_grants(j, &l, i);
		if (!i)
			plan_advice_more(j, plan, same->v, same->n, &l.grants);
		if (line->only.n)
			broken = judge_promise(j, plan, &l, line) || broken;
		if (j->advise && l.known && !told[forward])
			plan_advice_label(j, allows, line, &l.grants);
		told[forward] = true;
		domain_names_judge(&j->names, &line->allow, forward);
		plan_advice_allowed(j, line, &l.grants);
	}
	access_grants_free(&l.grants);
	free(l.v);
	return broken;
}

/* How many of the sorted lines from here on have the type of the first one? */
static size_t count_same_type(const struct plan_line **v, const struct plan_line **end)
{
	size_t n = 1;

	while (v + n < end && !compare_label_types(v[n], v[0]))
		n++;
	return n;
}

int plan_access_judge(struct plan_access *j, const struct plan *plan)
{
	const struct plan_line **lines = alloc_zeroed(plan->n_lines + 1, sizeof(*lines)), *line;
	struct lines_of_label same = { .v = lines };
	bool broken = false;
	size_t n = 0;

	j->names = (struct domain_names){
		.access = j->access, .plan = plan, .diag = j->diag, .severity = DIAG_WARNING
	};
	domain_names_tell_applications(&j->names);
	plan_advice_unlabeled(j, plan);
	/* a line with several protocols is judged once */
	for (line = plan->lines; line < plan->lines + plan->n_lines; line++)
		if (!line->part && line->label.context)
			lines[n++] = line;
	qsort(lines, n, sizeof(*lines), by_label);
	for (; same.v < lines + n; same.v += same.n) {
		same.n = count_same_type(same.v, lines + n);
		broken = judge_label(j, plan, &same) || broken;
	}
	free(lines);
	if (j->n)
		qsort(j->v, j->n, sizeof(*j->v), by_line);
	return broken ? -EPERM : 0;
}

static int by_type(const void *x, const void *y)
{
	const struct plan_line *a = *(const struct plan_line *const *)x;
	const struct plan_line *b = *(const struct plan_line *const *)y;
	int order = compare_label_types(a, b);

	return order ? order : (a > b) - (a < b);
}

/* Judges the lines of one type. The same promise is judged once. */
static void judge_own_label(const struct access *a, const struct lines_of_label *same,
			    struct diag *diag)
{
	const struct plan_line **judged = alloc_zeroed(same->n + 1, sizeof(*judged));
	size_t n = 0, i, k;

	for (i = 0; i < same->n; i++) {
		if (!same->v[i]->only.n)
			continue;
		for (k = 0; k < n && !same_domains(&judged[k]->only, &same->v[i]->only); k++)
			;
		if (k < n)
			continue;
		judged[n++] = same->v[i];
		judge_own(a, same, same->v[i], DIAG_ERROR, diag);
	}
	free(judged);
}

void plan_access_judge_own(const struct access *a, const struct plan *plan, struct diag *diag)
{
	const struct plan_line **lines = alloc_zeroed(plan->n_lines + 1, sizeof(*lines)), *line;
	struct lines_of_label same = { .v = lines };
	size_t n = 0;

	for (line = plan->lines; line < plan->lines + plan->n_lines; line++)
		if (!line->part)
			lines[n++] = line;
	qsort(lines, n, sizeof(*lines), by_type);
	for (; same.v < lines + n; same.v += same.n) {
		same.n = count_same_type(same.v, lines + n);
		judge_own_label(a, &same, diag);
	}
	free(lines);
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
