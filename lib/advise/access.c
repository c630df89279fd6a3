// SPDX-License-Identifier: GPL-2.0-only
#include "advise/access.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sepol/debug.h>
#include <sepol/policydb/policydb.h>
#include <sepol/policydb/services.h>

#include "advise/access_contexts.h"
#include "advise/access_policy.h"
#include "advise/access_rules.h"
#include "advise/access_sockets.h"
#include "base/err.h"
#include "base/nearest.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "selinux/packet_perms.h"
#include "selinux/sepol_conditional.h"
#include "util/alloc.h"

/* SECINITSID_KERNEL, the kernel's security/selinux/include/initial_sid_to_string.h */
#define INITIAL_SID_KERNEL 1
#define INITIAL_SID_UNLABELED 3

struct access {
	struct oracle *oracle;
	policydb_t *p;
	sidtab_t sids;
	struct access_rules rules;
	struct access_contexts contexts;
	bool constrained;
	bool *sockets; /* by value of a type: can sockets have it? NULL: not read yet */
	bool *met;     /* scratch: by value of a type */
};

/* A label in a question: its type, and the context that libsepol is asked about. */
struct access_label {
	const char *type;
	uint32_t value;
	sepol_security_id_t sid;
};

#define COMPARES_LEVELS (CEXPR_L1L2 | CEXPR_L1H2 | CEXPR_H1L2 | CEXPR_H1H2 | CEXPR_L1H1)

/* Has a class constraints? And do they compare levels of a process? */
static bool has_constraints(const policydb_t *p, uint32_t class, bool *levels)
{
	const constraint_node_t *c = class ? p->class_val_to_struct[class - 1]->constraints : NULL;
	bool any = c;
	const constraint_expr_t *e;

	*levels = false;
	for (; c; c = c->next)
		for (e = c->expr; e; e = e->next)
			*levels |= e->expr_type == CEXPR_ATTR && e->attr & COMPARES_LEVELS;
	return any;
}

int access_open(struct oracle *o, struct access **out, struct err *err)
{
	struct access *a = alloc_zeroed(1, sizeof(*a));
	bool levels;

	a->oracle = o;
	a->p = oracle_file_tables(o);
	a->met = alloc_zeroed(a->p->p_types.nprim + 1, sizeof(*a->met));
	/* errors of libsepol go to standard error otherwise */
	sepol_debug(0);
	if (sepol_sidtab_init(&a->sids) || evaluate_conds(a->p)) {
		access_close(a);
		return err_set(err, -EIO, "%s: libsepol cannot use it", o->policy);
	}
	access_rules_read(a->p, "packet", packet_perm_names, PACKET_PERMS, &a->rules);
	a->constrained = has_constraints(a->p, a->rules.class, &levels);
	access_contexts_init(&a->contexts, a->p, &a->sids, levels);
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
	free(a->sockets);
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

bool access_all_of(const struct access *a, const char *attribute,
		   bool (*is_right)(void *arg, const char *type), void *arg)
{
	const type_datum_t *t = access_attribute(a, attribute + 1);
	ebitmap_node_t *node;
	uint32_t i;

	if (!t)
		return false;
	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(&a->p->attr_type_map[t->s.value - 1], node, i)
		if (!is_right(arg, a->p->p_type_val_to_name[i]))
			return false;
	return true;
}

size_t access_domains(const struct access *a)
{
	size_t n = 0;
	uint32_t i;

	for (i = 1; i <= a->p->p_types.nprim; i++)
		n += access_contexts_runs(&a->contexts, i);
	return n;
}

static const char *type_of_initial_sid(const struct access *a, uint32_t sid)
{
	const ocontext_t *c;

	for (c = a->p->ocontexts[OCON_ISID]; c; c = c->next)
		if (c->sid[0] == sid && c->context[0].type &&
		    c->context[0].type <= a->p->p_types.nprim)
			return a->p->p_type_val_to_name[c->context[0].type - 1];
	return NULL;
}

const char *access_kernel(const struct access *a)
{
	return type_of_initial_sid(a, INITIAL_SID_KERNEL);
}

const char *access_unlabeled(const struct access *a)
{
	return type_of_initial_sid(a, INITIAL_SID_UNLABELED);
}

bool access_has_constraints(const struct access *a)
{
	return a->constrained;
}

enum access_unknown access_unknown(const struct access *a)
{
	switch (a->p->handle_unknown) {
	case ALLOW_UNKNOWN:
		return ACCESS_UNKNOWN_ALLOW;
	case REJECT_UNKNOWN:
		return ACCESS_UNKNOWN_REJECT;
	default:
		return ACCESS_UNKNOWN_DENY;
	}
}

unsigned int access_missing(const struct access *a)
{
	unsigned int missing = 0, i;

	for (i = 0; i < PACKET_PERMS; i++)
		if (!a->rules.bits[i])
			missing |= 1u << i;
	return missing;
}

unsigned int access_everybody(const struct access *a)
{
	return access_unknown(a) == ACCESS_UNKNOWN_ALLOW ? access_missing(a) : 0;
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
	if (access_attribute(a, name + (*name == '@')))
		err_hint(err, "this is an attribute: name a type");
	else
		oracle_hint_type(a->oracle, name, err);
	return -ENOENT;
}

int access_judge_domain(const struct access *a, const char *domain, struct err *err)
{
	return strchr(domain, ':') || find_type(a, domain) ? 0 : no_such_type(a, domain, err);
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
	access_contexts_label(&a->contexts, &context->range);
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
	sepol_security_id_t sid = access_contexts_first(&a->contexts, domain);
	unsigned int perms = sid ? decide(a, sid, label) : 0;
	struct access_walk walk = { 0 };

	while ((perms & now) != now && access_contexts_next(&a->contexts, domain, &walk, &sid))
		perms |= decide(a, sid, label);
	access_contexts_end(&a->contexts);
	return perms;
}

static bool labels_sockets(struct access *a, uint32_t type)
{
	if (!a->sockets)
		a->sockets = access_sockets_read(a->p);
	return a->sockets[type];
}

bool access_is_domain(struct access *a, const char *name)
{
	const type_datum_t *type = find_type(a, name);

	return type && (access_contexts_runs(&a->contexts, type->s.value) ||
			labels_sockets(a, type->s.value));
}

void access_offer_domains(const struct access *a, struct nearest *near, bool attributes)
{
	const type_datum_t *type;
	uint32_t i;

	for (i = 1; i <= a->p->p_types.nprim; i++) {
		type = a->p->type_val_to_struct[i - 1];
		if (type && (type->flavor == TYPE_ATTRIB ?
				     attributes :
				     !attributes && access_contexts_runs(&a->contexts, i)))
			nearest_offer(near, a->p->p_type_val_to_name[i - 1]);
	}
}

/* sid: of the one context of the domain that is asked about, or 0 */
static void add_grant(struct access *a, uint32_t domain, sepol_security_id_t sid,
		      const struct access_label *label, struct access_grants *grants)
{
	struct access_grant g = { .domain = a->p->p_type_val_to_name[domain - 1],
				  .label = label->type };
	unsigned int now;

	g.runs = access_contexts_runs(&a->contexts, domain);
	g.socket = !g.runs && labels_sockets(a, domain);
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

/* Is there a rule about packets with this type or attribute? */
static bool is_target(const struct access *a, uint32_t value)
{
	const struct access_policy_rule *rule = access_rules_of(&a->rules, value);

	return rule < a->rules.v + a->rules.n && rule->target == value;
}

/* packets: the attribute of the types that packets can have, or NULL */
static bool is_packet_label(const struct access *a, const type_datum_t *packets, uint32_t value)
{
	ebitmap_node_t *node;
	uint32_t bit;

	if (packets && has_bit(&a->p->attr_type_map[packets->s.value - 1], value))
		return true;
	/* the type itself, and its attributes */
	ebitmap_for_each_positive_bit(&a->p->type_attr_map[value - 1], node, bit) {
		if (is_target(a, bit + 1))
			return true;
	}
	return false;
}

bool access_is_label(const struct access *a, const char *type)
{
	const type_datum_t *t = find_type(a, type);

	return t && is_packet_label(a, access_attribute(a, "packet_type"), t->s.value);
}

const char **access_labels(const struct access *a)
{
	const type_datum_t *packets = access_attribute(a, "packet_type"), *t;
	const char **names = alloc_zeroed(a->p->p_types.nprim + 1, sizeof(*names));
	size_t n = 0;
	uint32_t i;

	for (i = 1; i <= a->p->p_types.nprim; i++) {
		t = a->p->type_val_to_struct[i - 1];
		if (t && t->flavor != TYPE_ATTRIB && is_packet_label(a, packets, i))
			names[n++] = a->p->p_type_val_to_name[i - 1];
	}
	qsort(names, n, sizeof(*names), by_name);
	return names;
}

void access_grants_free(struct access_grants *grants)
{
	size_t i;

	for (i = 0; i < grants->n; i++)
		free(grants->v[i].rules);
	free(grants->v);
	*grants = (struct access_grants){ .v = NULL };
}
