// SPDX-License-Identifier: GPL-2.0-only
/* The rules of applications: their list, and those that no policy has. */
#include "policy/application_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "policy/application.h"
#include "policy/condition.h"
#include "policy/module.h"
#include "selinux/packet_perms.h"
#include "selinux/sepol_conditional.h"
#include "util/alloc.h"
#include "util/buffer.h"

const char *const application_starters[] = { APPLICATION_LIKE, "init_t", "initrc_t", NULL };

bool application_is_started_by(const struct plan_application *a, const char *domain)
{
	size_t i;

	if (plan_domains_have(&a->from, domain))
		return true;
	for (i = 0; application_starters[i] && !a->from.n; i++)
		if (!strcmp(application_starters[i], domain))
			return true;
	return false;
}

void application_rule_add(struct application_rules *rules, const struct application_rule *rule)
{
	if (rule->kind >= APPLICATION_ALLOW && rule->kind <= APPLICATION_DONTAUDIT && !rule->vector)
		return;
	rules->v = alloc_one_more(rules->v, rules->n, sizeof(*rules->v));
	rules->v[rules->n++] = *rule;
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static const char *condition_text(const struct application_rule *rule)
{
	return rule->condition ? rule->condition->cil : "";
}

static int rules_by_all(const void *va, const void *vb)
{
	const struct application_rule *a = va, *b = vb;
	const char *const x[] = { a->needs,  a->needs_too, condition_text(a), a->branch ? "" : "1",
				  a->source, a->target,    a->class,          a->file,
				  a->result };
	const char *const y[] = { b->needs,  b->needs_too, condition_text(b), b->branch ? "" : "1",
				  b->source, b->target,    b->class,          b->file,
				  b->result };
	size_t i;
	int order = 0;

	/* the kind comes after what decides in which group a rule is */
	for (i = 0; i < 4 && !order; i++)
		order = compare_texts(x[i], y[i]);
	if (!order)
		order = (int)a->kind - (int)b->kind;
	for (; i < sizeof(x) / sizeof(x[0]) && !order; i++)
		order = compare_texts(x[i], y[i]);
	return order;
}

/* The bits of a class by their names: calls for each permission. */
struct perm_walk {
	uint32_t vector;
	FILE *out;
	const char *blank;
	const char *names[32];
};

static int see_perm(hashtab_key_t k, hashtab_datum_t d, void *arg)
{
	const perm_datum_t *perm = d;
	struct perm_walk *walk = arg;

	if (perm->s.value && perm->s.value <= 32)
		walk->names[perm->s.value - 1] = k;
	return 0;
}

static int perms_by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Which permission each bit of a vector is. */
static void name_bits(const struct policydb *p, const char *class, const char *names[32])
{
	const class_datum_t *c = hashtab_search(p->p_classes.table, class);
	struct perm_walk walk = { .names = { NULL } };

	if (c && c->comdatum)
		hashtab_map(c->comdatum->permissions.table, see_perm, &walk);
	if (c)
		hashtab_map(c->permissions.table, see_perm, &walk);
	memcpy(names, walk.names, sizeof(walk.names));
}

static char *perms_text(const struct policydb *p, const char *class, uint32_t vector)
{
	const char *names[32], *given[32] = { NULL };
	size_t n = 0, i, len;
	char *text;
	FILE *out = buffer_open(&text, &len);

	name_bits(p, class, names);
	for (i = 0; i < 32; i++)
		if (vector & UINT32_C(1) << i && names[i])
			given[n++] = names[i];
	qsort(given, n, sizeof(*given), perms_by_name);
	for (i = 0; i < n; i++)
		fprintf(out, "%s%s", i ? " " : "", given[i]);
	buffer_close(out);
	return text;
}

void application_rules_settle(struct application_rules *rules, const struct policydb *p)
{
	size_t i, kept = 0;

	if (rules->n)
		qsort(rules->v, rules->n, sizeof(*rules->v), rules_by_all);
	for (i = 0; i < rules->n; i++) {
		if (kept && !rules_by_all(&rules->v[kept - 1], &rules->v[i]))
			rules->v[kept - 1].vector |= rules->v[i].vector;
		else
			rules->v[kept++] = rules->v[i];
	}
	rules->n = kept;
	for (i = 0, kept = 0; i < rules->n; i++) {
		if (rules->v[i].class) {
			rules->v[i].perms = perms_text(p, rules->v[i].class,
						       rules->v[i].result ? UINT32_MAX :
									    rules->v[i].vector);
			/* the vector of a dontaudit has bits without a name */
			if (!*rules->v[i].perms) {
				free(rules->v[i].perms);
				continue;
			}
		}
		rules->v[kept++] = rules->v[i];
	}
	rules->n = kept;
}

uint32_t application_vector(const struct policydb *p, const char *class, const char *const *names)
{
	const char *bits[32];
	uint32_t vector = 0;
	size_t i;

	name_bits(p, class, bits);
	for (; *names; names++)
		for (i = 0; i < 32; i++)
			if (bits[i] && !strcmp(bits[i], *names))
				vector |= UINT32_C(1) << i;
	return vector;
}

uint32_t application_packet_vector(const struct policydb *p, unsigned int perms)
{
	const char *one[2] = { NULL, NULL };
	uint32_t vector = 0;
	size_t i;

	for (i = 0; i < PACKET_PERMS; i++) {
		one[0] = packet_perm_names[i];
		if (perms & 1U << i)
			vector |= application_vector(p, "packet", one);
	}
	return vector;
}

/* "allow SOURCE TARGET:CLASS { NAMES };" */
static void own_allow(const struct application_maker *mk, struct application_rules *rules,
		      const char *needs, const char *source, const char *target, const char *class,
		      const char *const *names)
{
	struct application_rule rule = { .kind = APPLICATION_ALLOW,
					 .needs = needs,
					 .branch = true,
					 .source = source,
					 .target = target,
					 .class = class };

	rule.vector = application_vector(mk->p, class, names);
	application_rule_add(rules, &rule);
}

/* refpolicy's domtrans_pattern, and what init_t may do for units with NoNewPrivileges=. */
static void add_starter(const struct application_maker *mk, struct application_rules *rules,
			const char *starter, const char *needs)
{
	static const char *const execute[] = { "execute", "getattr", "map", "open", "read", NULL };
	static const char *const transition[] = { "transition", NULL };
	static const char *const without[] = { "nnp_transition", "nosuid_transition", NULL };
	static const char *const use[] = { "use", NULL };
	static const char *const pipe[] = { "append", "getattr", "ioctl", "lock",
					    "read",   "write",   NULL };
	static const char *const child[] = { "sigchld", NULL };
	const struct plan_application *a = rules->application;
	const struct application_rule enter = { .kind = APPLICATION_TRANSITION,
						.needs = needs,
						.branch = true,
						.source = starter,
						.target = a->entry,
						.class = "process",
						.result = a->domain };

	own_allow(mk, rules, needs, starter, a->entry, "file", execute);
	own_allow(mk, rules, needs, starter, a->domain, "process", transition);
	own_allow(mk, rules, needs, starter, a->domain, "process2", without);
	own_allow(mk, rules, needs, a->domain, starter, "fd", use);
	own_allow(mk, rules, needs, a->domain, starter, "fifo_file", pipe);
	own_allow(mk, rules, needs, a->domain, starter, "process", child);
	application_rule_add(rules, &enter);
}

/* Those that start it; another application does, if unconfined_t does. */
static void add_starters(const struct application_maker *mk, struct application_rules *rules)
{
	const struct plan *plan = mk->m->plan;
	const struct plan_application *a = rules->application;
	size_t i;

	for (i = 0; i < a->from.n; i++)
		if (!plan_application_of(plan, a->from.v[i].name))
			add_starter(mk, rules, a->from.v[i].name,
				    strcmp(a->from.v[i].name, APPLICATION_LIKE) ?
					    a->from.v[i].name :
					    NULL);
	for (i = 0; application_starters[i] && !a->from.n; i++)
		if (hashtab_search(mk->p->p_types.table, application_starters[i]))
			add_starter(mk, rules, application_starters[i],
				    i ? application_starters[i] : NULL);
	for (i = 0; i < plan->n_applications; i++)
		if (&plan->applications[i] != a &&
		    (application_is_started_by(a, APPLICATION_LIKE) ||
		     application_is_started_by(a, plan->applications[i].domain)))
			add_starter(mk, rules, plan->applications[i].domain, NULL);
}

/* Has the role a type that the application, or whoever starts it, has? */
static bool role_starts(const struct application_maker *mk, const struct plan_application *a,
			const role_datum_t *role)
{
	const type_datum_t *type;
	size_t i;

	if (ebitmap_get_bit(&role->types.types, mk->like - 1))
		return true;
	for (i = 0; i < a->from.n; i++) {
		type = hashtab_search(mk->p->p_types.table, a->from.v[i].name);
		if (type && ebitmap_get_bit(&role->types.types, type->s.value - 1))
			return true;
	}
	return false;
}

static void add_roles(const struct application_maker *mk, struct application_rules *rules)
{
	struct application_rule rule = { .kind = APPLICATION_ROLE,
					 .target = rules->application->domain };
	const char *name;
	uint32_t i;

	for (i = 0; i < mk->p->p_roles.nprim; i++) {
		name = mk->p->p_role_val_to_name[i];
		if (!name || !strcmp(name, "object_r") || !mk->p->role_val_to_struct[i] ||
		    !role_starts(mk, rules->application, mk->p->role_val_to_struct[i]))
			continue;
		rule.source = rule.needs = name;
		application_rule_add(rules, &rule);
	}
}

void application_add_own(struct application_maker *mk, struct application_rules *rules)
{
	static const char *const entry[] = { "entrypoint", "execute", "execute_no_trans",
					     "getattr",    "ioctl",   "lock",
					     "map",        "open",    "read",
					     NULL };

	add_roles(mk, rules);
	own_allow(mk, rules, NULL, rules->application->domain, rules->application->entry, "file",
		  entry);
	add_starters(mk, rules);
}

void application_rules_free(struct application_rules *rules)
{
	size_t i;

	for (i = 0; i < rules->n; i++)
		free(rules->v[i].perms);
	free(rules->v);
	rules->v = NULL;
	rules->n = 0;
}
