// SPDX-License-Identifier: GPL-2.0-only
/* What a policy gives to applications: read from its rules for unconfined_t and bin_t. */
#include "policy/application.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "plan/plan.h"
#include "policy/application_rules.h"
#include "policy/condition.h"
#include "policy/module.h"
#include "policy/older.h"
#include "selinux/domain_attribute.h"
#include "selinux/sepol_conditional.h"
#include "util/alloc.h"

/* The assertions of refpolicy (neverallow) leave out the domains with these. No other rule names
 * them, and a kernel policy may not have them. Rules that an application gets one by one need them
 * in the place of an attribute that it does not get; set_curr_context is unconfined_t's. */
static const char *const assertions[] = { "can_dump_kernel", "can_receive_kernel_messages",
					  "memory_raw_read", "memory_raw_write",
					  "set_curr_context" };

/* What a process can only do to itself. */
static const char *const with_itself[] = { "capability",  "capability2", "cap_userns",
					   "cap2_userns", "lockdown",    NULL };

typedef void application_visitor(struct application_maker *mk, const avtab_key_t *key,
				 uint32_t data, const struct policy_condition *condition,
				 bool branch);

static uint32_t type_value(const struct policydb *p, const char *name)
{
	const type_datum_t *type = hashtab_search(p->p_types.table, name);

	return type && type->flavor == TYPE_TYPE ? type->s.value : 0;
}

static const char *value_name(const struct policydb *p, uint32_t value)
{
	return value && value <= p->p_types.nprim ? p->p_type_val_to_name[value - 1] : NULL;
}

static const char *class_name(const struct policydb *p, uint32_t value)
{
	return value && value <= p->p_classes.nprim ? p->p_class_val_to_name[value - 1] : NULL;
}

/* Are the names of a rule in the policy? */
static bool rule_has_names(const struct policydb *p, const avtab_key_t *key)
{
	return value_name(p, key->source_type) && value_name(p, key->target_type) &&
	       class_name(p, key->target_class);
}

/* Is it about a type of the module, or of the one before? The policy itself has no such rule. */
static bool is_own_rule(const struct application_maker *mk, const avtab_key_t *key)
{
	return mk->own[key->source_type - 1] || mk->own[key->target_type - 1];
}

static bool is_with_itself(const char *class)
{
	size_t i;

	for (i = 0; with_itself[i]; i++)
		if (!strcmp(with_itself[i], class))
			return true;
	return false;
}

/* The permissions of a vector of class packet that neither the module gives itself, nor the one
 * that it replaces. */
static uint32_t not_of_module(const struct application_maker *mk, const avtab_key_t *key,
			      uint32_t vector, const struct policy_condition *condition)
{
	const char *subject = value_name(mk->p, key->source_type);
	const char *object = value_name(mk->p, key->target_type);
	const struct policy_module *m = mk->m;
	size_t i;

	if (!condition && policy_older_alone(mk->all->older, subject, object))
		return 0;
	for (i = 0; i < m->n_rules && vector; i++)
		if (!m->rules[i].elsewhere && !strcmp(m->rules[i].subject, subject) &&
		    !strcmp(m->rules[i].object, object))
			vector &= ~application_packet_vector(mk->p, m->rules[i].perms);
	return vector;
}

/* Notes that an attribute gives what an application must not have. */
static void see_apart(struct application_maker *mk, const avtab_key_t *key, uint32_t vector,
		      const struct policy_condition *condition, bool branch)
{
	bool allows = key->specified & AVTAB_ALLOWED;

	(void)branch;
	if (!rule_has_names(mk->p, key) || is_own_rule(mk, key))
		return;
	if (allows && key->target_class == mk->packet) {
		vector = not_of_module(mk, key, vector, condition);
		if (!vector)
			return;
	} else {
		vector &= allows && key->target_class == mk->file ? mk->entrypoint : 0;
	}
	mk->named[key->source_type - 1] = mk->named[key->target_type - 1] = true;
	if (vector)
		mk->apart[key->source_type - 1] = true;
}

/* Goes through all rules of the policy. */
static void each_rule(struct application_maker *mk, application_visitor *visit)
{
	const struct avtab_node *node;
	const cond_node_t *c;
	const cond_av_list_t *list;
	uint32_t i;
	size_t k = 0;

	for (i = 0; i < mk->p->te_avtab.nslot; i++)
		for (node = mk->p->te_avtab.htable[i]; node; node = node->next)
			visit(mk, &node->key, node->datum.data, NULL, true);
	for (c = mk->p->cond_list; c; c = c->next, k++) {
		if (!mk->all->conditions[k].cil)
			continue;
		for (list = c->true_list; list; list = list->next)
			visit(mk, &list->node->key, list->node->datum.data, &mk->all->conditions[k],
			      true);
		for (list = c->false_list; list; list = list->next)
			visit(mk, &list->node->key, list->node->datum.data, &mk->all->conditions[k],
			      false);
	}
}

static void read_conditions(struct application_maker *mk)
{
	struct policy_applications *all = mk->all;
	const cond_node_t *c;

	for (c = mk->p->cond_list; c; c = c->next)
		all->n_conditions++;
	all->conditions = alloc_zeroed(all->n_conditions + 1, sizeof(*all->conditions));
	all->n_conditions = 0;
	for (c = mk->p->cond_list; c; c = c->next)
		policy_condition_read(mk->p, c->expr, &all->conditions[all->n_conditions++]);
}

/* Whose attributes the application gets one by one: the others. */
static void find_apart(struct application_maker *mk)
{
	const ebitmap_t *attributes = &mk->p->type_attr_map[mk->like - 1];
	uint32_t i, n = mk->p->p_types.nprim;

	mk->apart = alloc_zeroed(n + 1, sizeof(*mk->apart));
	mk->named = alloc_zeroed(n + 1, sizeof(*mk->named));
	mk->own = alloc_zeroed(n + 1, sizeof(*mk->own));
	policy_older_types(mk->all->older, mk->m->plan, mk->p, mk->own);
	each_rule(mk, see_apart);
	for (i = 0; i < n; i++)
		if (!ebitmap_get_bit(attributes, i) || !mk->p->type_val_to_struct[i] ||
		    mk->p->type_val_to_struct[i]->flavor != TYPE_ATTRIB ||
		    !strcmp(value_name(mk->p, i + 1), DOMAIN_ATTRIBUTE))
			mk->apart[i] = false;
}

/* Does a value in a rule mean the type that applications are a copy of? */
static bool is_like(const struct application_maker *mk, uint32_t value)
{
	return value == mk->like || mk->apart[value - 1];
}

/* The name, if a rule with it can be without the rest of the module. */
static const char *need(const struct application_maker *mk, uint32_t value)
{
	return value == mk->like || value == mk->entry_like ? NULL : value_name(mk->p, value);
}

static uint32_t withheld(const struct application_maker *mk, uint32_t class)
{
	if (class == mk->packet)
		return UINT32_MAX;
	return class == mk->file ? mk->entrypoint : 0;
}

/* Between a process of the application and another one like it. */
static uint32_t withheld_between(const struct application_maker *mk, uint32_t class)
{
	if (is_with_itself(mk->p->p_class_val_to_name[class - 1]))
		return UINT32_MAX;
	return class == mk->process ? mk->transitions : 0;
}

/* The rules of one application that follow from a rule of the policy. */
static void copy_vector(struct application_maker *mk, struct application_rules *rules,
			const struct application_rule *rule, const avtab_key_t *key)
{
	const struct plan *plan = mk->m->plan;
	const struct plan_application *a = rules->application, *other;
	bool source = is_like(mk, key->source_type), target = is_like(mk, key->target_type);
	bool entry = key->target_type == mk->entry_like && key->target_class == mk->file;
	uint32_t no = withheld(mk, key->target_class);
	uint32_t between = withheld_between(mk, key->target_class);
	struct application_rule r = *rule;

	if (source) {
		r.source = a->domain;
		r.needs = need(mk, key->target_type);
		r.vector = rule->vector & ~(no | (target ? between : 0));
		application_rule_add(rules, &r);
		r.needs = NULL;
	}
	for (other = plan->applications; other < plan->applications + plan->n_applications;
	     other++) {
		if (source && target) {
			r.target = other->domain;
			r.vector = rule->vector & ~(no | (other == a ? 0 : between));
			application_rule_add(rules, &r);
		}
		if (source && entry) {
			r.target = other->entry;
			r.vector = rule->vector & ~no;
			application_rule_add(rules, &r);
		}
	}
	r = *rule;
	r.needs = need(mk, key->source_type);
	if (target) {
		/* whoever may start unconfined_t could start the application with any file */
		r.target = a->domain;
		r.vector = rule->vector & ~(source                           ? between :
					    key->target_class == mk->process ? mk->transitions :
									       0);
		application_rule_add(rules, &r);
	}
	if (entry) {
		r.target = a->entry;
		r.vector = rule->vector;
		application_rule_add(rules, &r);
	}
}

static void copy_result(struct application_maker *mk, struct application_rules *rules,
			const struct application_rule *rule, const avtab_key_t *key)
{
	struct application_rule r = *rule;

	if (key->source_type == mk->like) {
		r.source = rules->application->domain;
		r.needs = need(mk, key->target_type);
		application_rule_add(rules, &r);
	}
	r.source = rule->source;
	r.needs = need(mk, key->source_type);
	if (key->target_type == mk->like) {
		r.target = rules->application->domain;
		application_rule_add(rules, &r);
	}
	if (key->target_type == mk->entry_like && key->target_class == mk->process &&
	    !application_is_started_by(rules->application, rule->source)) {
		r.target = rules->application->entry;
		application_rule_add(rules, &r);
	}
}

static const struct {
	uint16_t specified;
	enum application_rule_kind kind;
} kinds[] = {
	{ AVTAB_ALLOWED, APPLICATION_ALLOW },       { AVTAB_AUDITALLOW, APPLICATION_AUDITALLOW },
	{ AVTAB_AUDITDENY, APPLICATION_DONTAUDIT }, { AVTAB_TRANSITION, APPLICATION_TRANSITION },
	{ AVTAB_MEMBER, APPLICATION_MEMBER },       { AVTAB_CHANGE, APPLICATION_CHANGE },
};

static void see_rule(struct application_maker *mk, const avtab_key_t *key, uint32_t data,
		     const struct policy_condition *condition, bool branch)
{
	struct application_rule rule = { .condition = condition, .branch = branch };
	uint16_t specified = key->specified & ~(AVTAB_ENABLED | AVTAB_ENABLED_OLD);
	size_t i;

	if (!rule_has_names(mk->p, key) || is_own_rule(mk, key))
		return;
	if (!is_like(mk, key->source_type) && !is_like(mk, key->target_type) &&
	    key->target_type != mk->entry_like)
		return;
	rule.source = value_name(mk->p, key->source_type);
	rule.target = value_name(mk->p, key->target_type);
	rule.class = class_name(mk->p, key->target_class);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && kinds[i].specified != specified; i++)
		;
	if (i == sizeof(kinds) / sizeof(kinds[0]))
		return;
	rule.kind = kinds[i].kind;
	rule.vector = rule.kind == APPLICATION_DONTAUDIT ? ~data : data;
	if (rule.kind >= APPLICATION_TRANSITION) {
		rule.result = value_name(mk->p, data);
		rule.needs_too = data ? need(mk, data) : NULL;
		rule.vector = 0;
		if (!rule.result || mk->own[data - 1])
			return;
	}
	for (i = 0; i < mk->all->n; i++)
		(rule.kind >= APPLICATION_TRANSITION ? copy_result :
						       copy_vector)(mk, &mk->all->v[i], &rule, key);
}

/* A type_transition for files with one name. */
static int see_named(hashtab_key_t k, hashtab_datum_t d, void *arg)
{
	const filename_trans_key_t *key = (const filename_trans_key_t *)k;
	const filename_trans_datum_t *datum;
	struct application_maker *mk = arg;
	struct application_rule rule = { .kind = APPLICATION_TRANSITION, .branch = true };
	size_t i;

	rule.target = value_name(mk->p, key->ttype);
	rule.class = class_name(mk->p, key->tclass);
	rule.file = key->name;
	if (!rule.target || !rule.class)
		return 0;
	for (datum = d; datum; datum = datum->next) {
		if (!ebitmap_get_bit(&datum->stypes, mk->like - 1))
			continue;
		rule.result = value_name(mk->p, datum->otype);
		rule.needs = need(mk, key->ttype);
		rule.needs_too = need(mk, datum->otype);
		if (!rule.result || mk->own[key->ttype - 1] || mk->own[datum->otype - 1])
			continue;
		for (i = 0; i < mk->all->n; i++) {
			rule.source = mk->all->v[i].application->domain;
			application_rule_add(&mk->all->v[i], &rule);
		}
	}
	return 0;
}

static void add_attributes(const struct application_maker *mk, struct application_rules *rules,
			   uint32_t like, const char *type)
{
	struct application_rule rule = { .kind = APPLICATION_ATTRIBUTE, .source = type };
	const ebitmap_t *attributes = &mk->p->type_attr_map[like - 1];
	uint32_t i;

	for (i = 0; i < mk->p->p_types.nprim; i++) {
		if (!ebitmap_get_bit(attributes, i) || mk->apart[i] ||
		    !mk->p->type_val_to_struct[i] ||
		    mk->p->type_val_to_struct[i]->flavor != TYPE_ATTRIB ||
		    strstr(value_name(mk->p, i + 1), APPLICATION_EXPRESSION))
			continue;
		rule.target = rule.needs = value_name(mk->p, i + 1);
		application_rule_add(rules, &rule);
	}
}

static void add_assertions(const struct application_maker *mk, struct application_rules *rules)
{
	struct application_rule rule = { .kind = APPLICATION_ATTRIBUTE,
					 .source = rules->application->domain };
	const type_datum_t *type;
	size_t i;

	for (i = 0; i < sizeof(assertions) / sizeof(assertions[0]); i++) {
		rule.target = rule.needs = assertions[i];
		type = hashtab_search(mk->p->p_types.table, assertions[i]);
		/* with rules of its own it would give more */
		if (!type || !mk->named[type->s.value - 1])
			application_rule_add(rules, &rule);
	}
}

static int find_types(struct application_maker *mk, struct err *err)
{
	static const char *const entrypoint[] = { "entrypoint", NULL };
	static const char *const transitions[] = { "transition", "dyntransition", NULL };
	const struct policydb *p = mk->p;
	const class_datum_t *packet = hashtab_search(p->p_classes.table, "packet");
	const class_datum_t *file = hashtab_search(p->p_classes.table, "file");
	const class_datum_t *process = hashtab_search(p->p_classes.table, "process");

	mk->like = type_value(p, APPLICATION_LIKE);
	mk->entry_like = type_value(p, APPLICATION_ENTRY_LIKE);
	if (!mk->like || !mk->entry_like || !packet || !file || !process) {
		err_set(err, -ENODATA, "the policy has no type %s",
			mk->like ? APPLICATION_ENTRY_LIKE : APPLICATION_LIKE);
		err_hint(err, "an application is a copy of this type, without access to packets");
		return -ENODATA;
	}
	mk->packet = packet->s.value;
	mk->file = file->s.value;
	mk->process = process->s.value;
	mk->entrypoint = application_vector(p, "file", entrypoint);
	mk->transitions = application_vector(p, "process", transitions);
	return 0;
}

/* Does it start programs for all, so that its own rights say nothing? */
static bool starts_services(const char *domain)
{
	return !strcmp(domain, "init_t") || !strcmp(domain, "initrc_t");
}

static void judge_starter(const struct application_maker *mk, const struct plan_domain *from,
			  struct diag *diag)
{
	const type_datum_t *type = hashtab_search(mk->p->p_types.table, from->name);
	const type_datum_t *domain = hashtab_search(mk->p->p_types.table, DOMAIN_ATTRIBUTE);
	const type_datum_t *unconfined = hashtab_search(mk->p->p_types.table,
							APPLICATION_UNCONFINED);

	if (!type || type->flavor == TYPE_ATTRIB)
		diag_add(diag, DIAG_ERROR, from->pos, from->name, NULL,
			 "the policy has no such domain");
	else if (domain &&
		 !ebitmap_get_bit(&mk->p->type_attr_map[type->s.value - 1], domain->s.value - 1))
		diag_add(diag, DIAG_ERROR, from->pos, from->name, NULL, "this type is no domain");
	else if (unconfined && !starts_services(from->name) &&
		 !ebitmap_get_bit(&mk->p->type_attr_map[type->s.value - 1],
				  unconfined->s.value - 1))
		diag_add(diag, DIAG_WARNING, from->pos, from->name,
			 "the application can do nearly all that " APPLICATION_LIKE " can",
			 "this domain is confined, and gets out by starting the application");
}

/* Reports domains of "from" that the policy does not have, and confined ones. */
static void judge_starters(const struct application_maker *mk, struct diag *diag)
{
	const struct plan *plan = mk->m->plan;
	const struct plan_application *a;
	size_t i;

	for (a = plan->applications; a < plan->applications + plan->n_applications; a++)
		for (i = 0; i < a->from.n; i++)
			if (!plan_application_of(plan, a->from.v[i].name))
				judge_starter(mk, &a->from.v[i], diag);
}

int policy_applications_make(struct policy_applications *all, const struct policy_module *m,
			     const struct policydb *p, struct diag *diag, struct err *err)
{
	struct application_maker mk = { .all = all, .m = m, .p = p };
	const struct plan *plan = m->plan;
	size_t errors = diag->errors, i;
	int ret;

	all->n = plan->n_applications;
	all->policy = p;
	all->v = alloc_zeroed(all->n + 1, sizeof(*all->v));
	for (i = 0; i < all->n; i++)
		all->v[i].application = &plan->applications[i];
	ret = find_types(&mk, err);
	if (ret)
		return ret;
	judge_starters(&mk, diag);
	read_conditions(&mk);
	find_apart(&mk);
	each_rule(&mk, see_rule);
	hashtab_map(p->filename_trans, see_named, &mk);
	for (i = 0; i < all->n; i++) {
		add_attributes(&mk, &all->v[i], mk.like, plan->applications[i].domain);
		add_attributes(&mk, &all->v[i], mk.entry_like, plan->applications[i].entry);
		add_assertions(&mk, &all->v[i]);
		application_add_own(&mk, &all->v[i]);
		application_rules_settle(&all->v[i], p);
	}
	free(mk.apart);
	free(mk.named);
	free(mk.own);
	return diag->errors > errors ? -EINVAL : 0;
}

bool policy_applications_is_attribute(const struct policy_applications *all, const char *name)
{
	const type_datum_t *type = hashtab_search(all->policy->p_types.table, name);

	return type && type->flavor == TYPE_ATTRIB;
}

void policy_applications_free(struct policy_applications *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		application_rules_free(&all->v[i]);
	for (i = 0; i < all->n_conditions; i++)
		policy_condition_free(&all->conditions[i]);
	free(all->v);
	free(all->conditions);
	*all = (struct policy_applications){ 0 };
}
