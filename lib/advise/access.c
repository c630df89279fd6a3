// SPDX-License-Identifier: GPL-2.0-only
#include "advise/access.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sepol/debug.h>
#include <sepol/policydb/policydb.h>
#include <sepol/policydb/services.h>

#include "advise/access_contexts.h"
#include "advise/access_rules.h"
#include "advise/sepol_conditional.h"
#include "base/err.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "util/alloc.h"
#include "util/buffer.h"

/* SECINITSID_KERNEL, the kernel's security/selinux/include/initial_sid_to_string.h */
#define INITIAL_SID_KERNEL 1

struct access {
	struct oracle *oracle;
	policydb_t *p;
	sidtab_t sids;
	struct access_rules rules;
	struct access_contexts contexts;
	bool *met; /* scratch: by value of a type */
};

/* A label in a question: its type, and the context that libsepol is asked about. */
struct access_label {
	const char *type;
	uint32_t value;
	sepol_security_id_t sid;
};

int access_open(struct oracle *o, struct access **out, struct err *err)
{
	struct access *a = alloc_zeroed(1, sizeof(*a));
	int ret;

	a->oracle = o;
	a->p = oracle_file_tables(o);
	a->met = alloc_zeroed(a->p->p_types.nprim + 1, sizeof(*a->met));
	/* errors of libsepol go to standard error otherwise */
	sepol_debug(0);
	if (sepol_sidtab_init(&a->sids) || evaluate_conds(a->p)) {
		access_close(a);
		return err_set(err, -EIO, "%s: libsepol cannot use it", o->policy);
	}
	ret = access_rules_read(a->p, &a->rules);
	if (ret) {
		access_close(a);
		return err_set(err, ret, "%s has no class packet", o->policy);
	}
	access_contexts_init(&a->contexts, a->p, &a->sids);
	*out = a;
	return 0;
}

void access_close(struct access *a)
{
	if (!a)
		return;
	access_contexts_free(&a->contexts);
	access_rules_free(&a->rules);
	sepol_sidtab_destroy(&a->sids);
	free(a->met);
	free(a);
}

/* libsepol has one policy that it answers from. */
static void use_policy(struct access *a)
{
	sepol_set_policydb(a->p);
	sepol_set_sidtab(&a->sids);
}

static const type_datum_t *find_type(const struct access *a, const char *name)
{
	const type_datum_t *t = hashtab_search(a->p->p_types.table, name);

	return t && t->flavor != TYPE_ATTRIB ? t : NULL;
}

static const type_datum_t *access_attribute(const struct access *a, const char *name)
{
	const type_datum_t *t = hashtab_search(a->p->p_types.table, name);

	return t && t->flavor == TYPE_ATTRIB ? t : NULL;
}

bool access_has(const struct access *a, const char *name)
{
	return *name == '@' ? access_attribute(a, name + 1) : find_type(a, name);
}

bool access_is(const struct access *a, const char *type, const char *name)
{
	const type_datum_t *t = find_type(a, type), *other;

	if (*name != '@') {
		other = find_type(a, name);
		return t && other ? t->s.value == other->s.value : !strcmp(type, name);
	}
	other = access_attribute(a, name + 1);
	return t && other &&
	       ebitmap_get_bit(&a->p->attr_type_map[other->s.value - 1], t->s.value - 1);
}

size_t access_domains(const struct access *a)
{
	size_t n = 0;
	uint32_t i;

	for (i = 1; i <= a->p->p_types.nprim; i++)
		n += access_contexts_runs(&a->contexts, i);
	return n;
}

const char *access_kernel(const struct access *a)
{
	const ocontext_t *c;

	for (c = a->p->ocontexts[OCON_ISID]; c; c = c->next)
		if (c->sid[0] == INITIAL_SID_KERNEL && c->context[0].type &&
		    c->context[0].type <= a->p->p_types.nprim)
			return a->p->p_type_val_to_name[c->context[0].type - 1];
	return NULL;
}

/* Finds the context of a text that is one. */
static int ask_context(struct access *a, const char *text, sepol_security_id_t *sid,
		       const context_struct_t **context, struct err *err)
{
	use_policy(a);
	if (sepol_context_to_sid((sepol_const_security_context_t)text, strlen(text) + 1, sid))
		return err_set(err, -EINVAL, "'%s' is not a valid context of %s", text,
			       a->oracle->policy);
	*context = sepol_sidtab_search(&a->sids, *sid);
	return *context ? 0 : err_set(err, -EIO, "libsepol lost a context");
}

/* Returns -ENOENT with a suggestion. */
static int no_such_type(const struct access *a, const char *name, struct err *err)
{
	err_set(err, -ENOENT, "type '%s' is not in %s", name, a->oracle->policy);
	oracle_hint_type(a->oracle, name, err);
	return -ENOENT;
}

static int access_find_label(struct access *a, const char *text, struct access_label *label,
			     struct err *err)
{
	char whole[CONTEXT_LEN_MAX + 1];
	const context_struct_t *context;
	const struct context *base;
	const type_datum_t *type;
	int ret;

	if (!strchr(text, ':')) {
		type = find_type(a, text);
		if (!type)
			return no_such_type(a, text, err);
		ret = oracle_base(a->oracle, &base);
		if (ret)
			return err_set(err, ret, "%s has no context for objects",
				       a->oracle->policy);
		if (context_format(whole, base->user, base->role,
				   a->p->p_type_val_to_name[type->s.value - 1], base->level))
			return err_set(err, -EINVAL, "the context would be too long");
		text = whole;
	}
	ret = ask_context(a, text, &label->sid, &context, err);
	if (ret)
		return ret;
	label->value = context->type;
	label->type = a->p->p_type_val_to_name[context->type - 1];
	return 0;
}

/* What libsepol says. */
static unsigned int decide(struct access *a, sepol_security_id_t source,
			   const struct access_label *label)
{
	struct sepol_av_decision avd = { .allowed = 0 };

	if (sepol_compute_av(source, label->sid, a->rules.class, 0, &avd))
		return 0;
	return access_rules_perms(&a->rules, avd.allowed);
}

static bool has_bit(const ebitmap_t *map, uint32_t value)
{
	return ebitmap_get_bit(map, value - 1);
}

/* Is the rule about this source? */
static bool is_source(const struct access *a, const struct access_policy_rule *rule, uint32_t value)
{
	return rule->source == value || has_bit(&a->p->type_attr_map[value - 1], rule->source);
}

static void access_add_rule(struct access_grant *g, const struct access_policy_rule *rule,
			    unsigned int *now)
{
	g->rules = alloc_one_more(g->rules, g->n_rules, sizeof(*g->rules));
	g->rules[g->n_rules++] = &rule->rule;
	if (rule->rule.on)
		*now |= rule->rule.perms;
	g->possible |= rule->rule.perms;
}

/* Collects the rules for a domain and a label. now gets what those that count give. */
static void access_collect(const struct access *a, uint32_t domain,
			   const struct access_label *label, struct access_grant *g,
			   unsigned int *now)
{
	const ebitmap_t *attributes = &a->p->type_attr_map[label->value - 1];
	const struct access_policy_rule *rule, *end = a->rules.v + a->rules.n;
	ebitmap_node_t *node;
	uint32_t i;

	*now = 0;
	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(attributes, node, i)
		for (rule = access_rules_of(&a->rules, i + 1); rule < end && rule->target == i + 1;
		     rule++)
			if (is_source(a, rule, domain))
				access_add_rule(g, rule, now);
}

/* The domain's contexts are asked about until what the rules give is there. */
static unsigned int decide_domain(struct access *a, uint32_t domain,
				  const struct access_label *label, unsigned int now)
{
	const context_struct_t *c = sepol_sidtab_search(&a->sids, label->sid);
	unsigned int perms = 0;
	sepol_security_id_t sid;
	size_t i;

	for (i = 0; (perms & now) != now &&
		    access_contexts_get(&a->contexts, domain, &c->range.level[0], i, &sid);
	     i++)
		perms |= decide(a, sid, label);
	return perms;
}

/* sid: of the one context of the domain that is asked about, or 0 */
static void add_grant(struct access *a, uint32_t domain, sepol_security_id_t sid,
		      const struct access_label *label, struct access_grants *grants)
{
	struct access_grant g = { .domain = a->p->p_type_val_to_name[domain - 1],
				  .label = label->type };
	unsigned int now;

	g.runs = access_contexts_runs(&a->contexts, domain);
	g.permissive = ebitmap_get_bit(&a->p->permissive_map, domain);
	access_collect(a, domain, label, &g, &now);
	if (now)
		g.perms = sid ? decide(a, sid, label) : decide_domain(a, domain, label, now);
	g.withheld = now & ~g.perms;
	g.possible &= ~now;
	if (!g.n_rules && !g.permissive)
		return;
	grants->v = alloc_one_more(grants->v, grants->n, sizeof(*grants->v));
	grants->v[grants->n++] = g;
}

static void meet_sources(struct access *a, uint32_t source)
{
	const ebitmap_t *types = &a->p->attr_type_map[source - 1];
	ebitmap_node_t *node;
	uint32_t i;

	if (a->p->type_val_to_struct[source - 1]->flavor != TYPE_ATTRIB) {
		a->met[source] = true;
		return;
	}
	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(types, node, i)
		a->met[i + 1] = true;
}

/* Marks each type that a rule gives the label to. */
static void find_sources(struct access *a, const struct access_label *label)
{
	const ebitmap_t *attributes = &a->p->type_attr_map[label->value - 1];
	const struct access_policy_rule *rule, *end = a->rules.v + a->rules.n;
	ebitmap_node_t *node;
	uint32_t i;

	memset(a->met, 0, (a->p->p_types.nprim + 1) * sizeof(*a->met));
	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(attributes, node, i)
		for (rule = access_rules_of(&a->rules, i + 1); rule < end && rule->target == i + 1;
		     rule++)
			meet_sources(a, rule->source);
	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(&a->p->permissive_map, node, i)
		if (i && i <= a->p->p_types.nprim)
			a->met[i] = true;
}

static int by_domain(const void *x, const void *y)
{
	const struct access_grant *a = x, *b = y;
	int order = strcmp(a->domain, b->domain);

	return order ? order : strcmp(a->label, b->label);
}

int access_of_label(struct access *a, const char *text, struct access_grants *grants,
		    struct err *err)
{
	struct access_label label;
	size_t before = grants->n;
	uint32_t i;
	int ret = access_find_label(a, text, &label, err);

	if (ret)
		return ret;
	use_policy(a);
	find_sources(a, &label);
	for (i = 1; i <= a->p->p_types.nprim; i++)
		if (a->met[i] && a->p->type_val_to_struct[i - 1])
			add_grant(a, i, 0, &label, grants);
	if (grants->n > before)
		qsort(grants->v + before, grants->n - before, sizeof(*grants->v), by_domain);
	return 0;
}

int access_of(struct access *a, const char *domain, const char *text, struct access_grants *grants,
	      struct err *err)
{
	const context_struct_t *context;
	sepol_security_id_t sid = 0;
	struct access_label label;
	const type_datum_t *type;
	uint32_t value;
	int ret = access_find_label(a, text, &label, err);

	if (ret)
		return ret;
	if (strchr(domain, ':')) {
		ret = ask_context(a, domain, &sid, &context, err);
		if (ret)
			return ret;
		value = context->type;
	} else {
		type = find_type(a, domain);
		if (!type)
			return no_such_type(a, domain, err);
		value = type->s.value;
	}
	use_policy(a);
	add_grant(a, value, sid, &label, grants);
	return 0;
}

static int by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

const char **access_labels(const struct access *a)
{
	const type_datum_t *packets = access_attribute(a, "packet_type"), *t;
	const char **names = alloc_zeroed(a->p->p_types.nprim + 1, sizeof(*names));
	const struct access_policy_rule *rule, *end = a->rules.v + a->rules.n;
	size_t n = 0;
	uint32_t i;

	for (i = 1; i <= a->p->p_types.nprim; i++) {
		t = a->p->type_val_to_struct[i - 1];
		if (!t || t->flavor == TYPE_ATTRIB)
			continue;
		rule = access_rules_of(&a->rules, i);
		if ((rule < end && rule->target == i) ||
		    (packets && has_bit(&a->p->attr_type_map[packets->s.value - 1], i)))
			names[n++] = a->p->p_type_val_to_name[i - 1];
	}
	qsort(names, n, sizeof(*names), by_name);
	return names;
}

char *access_perms_text(unsigned int perms)
{
	const char *blank = "";
	unsigned int i;
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	for (i = 0; i < ACCESS_PERMS; i++) {
		if (!(perms & 1u << i))
			continue;
		fprintf(out, "%s%s", blank, access_perm_names[i]);
		blank = " ";
	}
	buffer_close(out);
	return text;
}

char *access_rule_text(const struct access_rule *rule)
{
	char *text, *perms = access_perms_text(rule->perms);
	bool one = !strchr(perms, ' ');
	size_t len;
	FILE *out = buffer_open(&text, &len);

	fprintf(out, "allow %s %s:packet %s%s%s;", rule->source, rule->target, one ? "" : "{ ",
		perms, one ? "" : " }");
	if (rule->condition)
		fprintf(out, " [ %s ]:%s", rule->condition, rule->branch ? "True" : "False");
	buffer_close(out);
	free(perms);
	return text;
}

void access_grants_free(struct access_grants *grants)
{
	size_t i;

	for (i = 0; i < grants->n; i++)
		free(grants->v[i].rules);
	free(grants->v);
	*grants = (struct access_grants){ .v = NULL };
}
