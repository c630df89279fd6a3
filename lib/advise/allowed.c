// SPDX-License-Identifier: GPL-2.0-only
#include "advise/allowed.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sepol/debug.h>
#include <sepol/policydb/polcaps.h>
#include <sepol/policydb/policydb.h>
#include <sepol/policydb/services.h>

#include "advise/access_rules.h"
#include "advise/access_text.h"
#include "base/err.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "selinux/sepol_conditional.h"
#include "util/alloc.h"

/* The rules of a class: read when somebody asks. */
struct allowed_class {
	char *name;
	char *perms[ACCESS_RULES_PERMS]; /* those that were asked for; bit i of a rule */
	size_t n_perms;
	struct access_rules rules;
};

struct allowed {
	policydb_t *p;
	sidtab_t sids;
	bool has_sids;
	struct allowed_class *classes;
	size_t n;
};

int allowed_open(struct oracle *o, struct allowed **out, struct err *err)
{
	struct allowed *a = alloc_zeroed(1, sizeof(*a));

	a->p = oracle_file_tables(o);
	/* errors of libsepol go to standard error otherwise */
	sepol_debug(0);
	a->has_sids = !sepol_sidtab_init(&a->sids);
	if (!a->has_sids || evaluate_conds(a->p)) {
		allowed_close(a);
		return err_set(err, -EIO, "%s: libsepol cannot use it", o->policy);
	}
	*out = a;
	return 0;
}

void allowed_close(struct allowed *a)
{
	size_t i, k;

	if (!a)
		return;
	for (i = 0; i < a->n; i++) {
		access_rules_free(&a->classes[i].rules);
		for (k = 0; k < a->classes[i].n_perms; k++)
			free(a->classes[i].perms[k]);
		free(a->classes[i].name);
	}
	free(a->classes);
	if (a->has_sids)
		sepol_sidtab_destroy(&a->sids);
	free(a);
}

static const type_datum_t *allowed_type(const struct allowed *a, const char *name)
{
	const type_datum_t *t = hashtab_search(a->p->p_types.table, name);

	return t && t->flavor != TYPE_ATTRIB ? t : NULL;
}

bool allowed_has_type(const struct allowed *a, const char *type)
{
	return allowed_type(a, type);
}

bool allowed_has_capability(const struct allowed *a, const char *name)
{
	int number = sepol_polcap_getnum(name);

	return number >= 0 && ebitmap_get_bit(&a->p->policycaps, number);
}

bool allowed_type_has(const struct allowed *a, const char *type, const char *attribute)
{
	const type_datum_t *t = allowed_type(a, type),
			   *other = hashtab_search(a->p->p_types.table, attribute);

	return t && other && other->flavor == TYPE_ATTRIB &&
	       ebitmap_get_bit(&a->p->attr_type_map[other->s.value - 1], t->s.value - 1);
}

static const class_datum_t *allowed_class_of(const struct allowed *a, const char *class)
{
	return hashtab_search(a->p->p_classes.table, class);
}

bool allowed_has_constraint(const struct allowed *a, const char *class)
{
	const class_datum_t *c = allowed_class_of(a, class);

	return c && c->constraints;
}

/* The names of a class's permissions, in the order of their values. */
static int add_perm_name(hashtab_key_t key, hashtab_datum_t datum, void *arg)
{
	const perm_datum_t *perm = datum;
	struct allowed_class *c = arg;

	if (!perm->s.value || perm->s.value > ACCESS_RULES_PERMS || c->perms[perm->s.value - 1])
		return 0;
	c->perms[perm->s.value - 1] = alloc_copy(key);
	if (c->n_perms < perm->s.value)
		c->n_perms = perm->s.value;
	return 0;
}

/* Finds the rules of a class, and reads them at the first time. NULL: the policy lacks it. */
static struct allowed_class *find_rules(struct allowed *a, const char *name)
{
	const class_datum_t *class = allowed_class_of(a, name);
	struct allowed_class *c;
	size_t i;

	if (!class)
		return NULL;
	for (c = a->classes; c < a->classes + a->n; c++)
		if (!strcmp(c->name, name))
			return c;
	a->classes = alloc_one_more(a->classes, a->n, sizeof(*a->classes));
	c = &a->classes[a->n++];
	*c = (struct allowed_class){ .name = alloc_copy(name) };
	if (class->comdatum)
		hashtab_map(class->comdatum->permissions.table, add_perm_name, c);
	hashtab_map(class->permissions.table, add_perm_name, c);
	for (i = 0; i < c->n_perms; i++)
		if (!c->perms[i])
			c->perms[i] = alloc_copy("");
	access_rules_read(a->p, name, (const char *const *)c->perms, c->n_perms, &c->rules);
	return c;
}

/* The bits of permissions. 0 if the class lacks one: it goes to lacks. */
static unsigned int perm_bits(const struct allowed_class *c, const char *perms,
			      struct allowed_answer *answer)
{
	unsigned int bits = 0;
	size_t len, i;

	for (; *perms; perms += len + (perms[len] == ' ')) {
		len = strcspn(perms, " ");
		for (i = 0; i < c->n_perms; i++)
			if (strlen(c->perms[i]) == len && !memcmp(c->perms[i], perms, len))
				break;
		if (i == c->n_perms) {
			snprintf(answer->lacks, sizeof(answer->lacks),
				 "permission %.*s of class %s", (int)len, perms, c->name);
			return 0;
		}
		bits |= 1u << i;
	}
	return bits;
}

static bool is_or_has(const struct allowed *a, uint32_t rule, uint32_t type)
{
	return rule == type || ebitmap_get_bit(&a->p->type_attr_map[type - 1], rule - 1);
}

/* Collects what rules give, and finds a rule that a boolean would switch on for the rest. */
static unsigned int rules_give(const struct allowed *a, const struct allowed_class *c,
			       uint32_t source, uint32_t target, unsigned int wanted,
			       struct allowed_answer *answer)
{
	const struct access_policy_rule *r, *end = c->rules.v + c->rules.n;
	unsigned int now = 0;

	for (r = c->rules.v; r < end; r++)
		if (r->rule.on && is_or_has(a, r->target, target) &&
		    is_or_has(a, r->source, source))
			now |= r->rule.perms;
	wanted &= ~now;
	for (r = c->rules.v; wanted && r < end && !*answer->boolean; r++) {
		if (r->rule.on || (r->rule.perms & wanted) != wanted ||
		    !is_or_has(a, r->target, target) || !is_or_has(a, r->source, source))
			continue;
		access_rule_switch(&r->rule, true, answer->boolean, sizeof(answer->boolean));
		answer->wide = r->source != source;
	}
	return now;
}

void allowed_ask_types(struct allowed *a, const char *source, const char *target, const char *class,
		       const char *perms, struct allowed_answer *answer)
{
	const type_datum_t *s = allowed_type(a, source), *t = allowed_type(a, target);
	const struct allowed_class *c = find_rules(a, class);
	unsigned int wanted;

	*answer = (struct allowed_answer){ .verdict = ALLOWED_UNKNOWN };
	if (!s || !t)
		snprintf(answer->lacks, sizeof(answer->lacks), "type %s", s ? target : source);
	else if (!c)
		snprintf(answer->lacks, sizeof(answer->lacks), "class %s", class);
	if (!s || !t || !c)
		return;
	wanted = perm_bits(c, perms, answer);
	if (!wanted)
		return;
	answer->verdict = (rules_give(a, c, s->s.value, t->s.value, wanted, answer) & wanted) ==
					  wanted ?
				  ALLOWED_YES :
				  ALLOWED_NO;
}

static bool find_sid(const char *context, sepol_security_id_t *sid)
{
	return !sepol_context_to_sid((sepol_const_security_context_t)context, strlen(context) + 1,
				     sid);
}

static void type_of(const char *context, char *buf, size_t size)
{
	const char *user = strchr(context, ':'), *role = user ? strchr(user + 1, ':') : NULL;

	snprintf(buf, size, "%.*s", role ? (int)strcspn(role + 1, ":") : 0, role ? role + 1 : "");
}

void allowed_ask(struct allowed *a, const char *source, const char *target, const char *class,
		 const char *perms, struct allowed_answer *answer)
{
	char source_type[256], target_type[256];
	struct sepol_av_decision avd = { .allowed = 0 };
	sepol_security_id_t s, t;
	const struct allowed_class *c;
	unsigned int wanted;

	type_of(source, source_type, sizeof(source_type));
	type_of(target, target_type, sizeof(target_type));
	allowed_ask_types(a, source_type, target_type, class, perms, answer);
	if (answer->verdict != ALLOWED_YES)
		return;
	/* the bits of find_rules() are those of the policy */
	c = find_rules(a, class);
	wanted = perm_bits(c, perms, answer);
	sepol_set_policydb(a->p);
	sepol_set_sidtab(&a->sids);
	if (find_sid(source, &s) && find_sid(target, &t) &&
	    !sepol_compute_av(s, t, c->rules.class, 0, &avd) && (avd.allowed & wanted) != wanted)
		answer->verdict = ALLOWED_CONSTRAINED;
}
