// SPDX-License-Identifier: GPL-2.0-only
#include "policy/taken.h"

#include <stdint.h>
#include <string.h>

#include "plan/plan.h"
#include "policy/application.h"
#include "selinux/sepol_conditional.h"
#include "util/diag.h"

struct taken {
	const struct policydb *p;
	const struct policy_taken_store *store;
	struct diag *diag;
};

/* A type, an alias or an attribute. */
static const type_datum_t *find_name(const struct taken *t, const char *name)
{
	const type_datum_t *found = hashtab_search(t->p->p_types.table, name);

	return found && found->s.value && found->s.value <= t->p->p_types.nprim ? found : NULL;
}

static bool is_attribute(const struct taken *t, uint32_t value)
{
	return t->p->type_val_to_struct[value - 1] &&
	       t->p->type_val_to_struct[value - 1]->flavor == TYPE_ATTRIB;
}

static bool has_attribute(const struct taken *t, const type_datum_t *type, uint32_t attribute)
{
	return ebitmap_get_bit(&t->p->type_attr_map[type->s.value - 1], attribute - 1);
}

/* Has it no attribute that the other type lacks? like: NULL: no attribute at all */
static bool has_no_more(const struct taken *t, const type_datum_t *type, const type_datum_t *like)
{
	uint32_t i;

	for (i = 1; i <= t->p->p_types.nprim; i++)
		if (is_attribute(t, i) && has_attribute(t, type, i) &&
		    !strstr(t->p->p_type_val_to_name[i - 1], APPLICATION_EXPRESSION) &&
		    !(like && has_attribute(t, like, i)))
			return false;
	return true;
}

/* Has the kernel the type from the start? refpolicy's unlabeled_t has no attribute. */
static bool is_initial(const struct taken *t, const type_datum_t *type)
{
	const ocontext_t *c;

	for (c = t->p->ocontexts[OCON_ISID]; c; c = c->next)
		if (c->context[0].type == type->s.value)
			return true;
	return false;
}

static bool looks_like_type(const struct taken *t, const type_datum_t *type)
{
	return has_no_more(t, type, NULL) && !is_initial(t, type);
}

/* What a domain has of the rules for another one. */
struct copied {
	avtab_t *rules;
	uint32_t domain, like, packet;
	size_t all, has;
};

/* Counts a rule, if it is about the other domain itself, and not about packets. */
static int see_copied(avtab_key_t *key, avtab_datum_t *datum, void *arg)
{
	struct copied *c = arg;
	avtab_key_t copy = *key;

	(void)datum;
	if (key->source_type != c->like || key->target_class == c->packet ||
	    !(key->specified & AVTAB_ALLOWED))
		return 0;
	copy.source_type = c->domain;
	if (key->target_type == c->like)
		copy.target_type = c->domain;
	c->all++;
	c->has += avtab_search(c->rules, &copy) != NULL;
	return 0;
}

/* Has it most of the rules that are for unconfined_t itself? All, unless the policy has changed
 * since. */
static bool is_copy(const struct taken *t, const type_datum_t *type, const type_datum_t *like)
{
	const class_datum_t *packet = hashtab_search(t->p->p_classes.table, "packet");
	/* libsepol's functions take no const */
	struct copied c = { .rules = (avtab_t *)&t->p->te_avtab,
			    .domain = type->s.value,
			    .like = like->s.value,
			    .packet = packet ? packet->s.value : 0 };

	avtab_map(c.rules, see_copied, &c);
	return c.all ? 2 * c.has > c.all : has_no_more(t, type, like);
}

/* An application has not all attributes of unconfined_t: not those that let it use packets. */
static bool looks_like_domain(const struct taken *t, const type_datum_t *type)
{
	const type_datum_t *attribute = find_name(t, APPLICATION_UNCONFINED);
	const type_datum_t *like = find_name(t, APPLICATION_LIKE);

	return !like || (attribute && has_attribute(t, type, attribute->s.value)) ||
	       is_copy(t, type, like);
}

static bool looks_like_entry(const struct taken *t, const type_datum_t *type)
{
	const type_datum_t *like = find_name(t, APPLICATION_ENTRY_LIKE);

	return !like || has_no_more(t, type, like);
}

/* Has a module of ours brought the type? */
static bool is_own_type(const struct taken *t, const char *name, const type_datum_t *type,
			bool (*looks_like)(const struct taken *t, const type_datum_t *type))
{
	bool ours = type->flavor == TYPE_TYPE && type->primary && looks_like(t, type);
	int declared = -1;

	if (t->store && (!ours || t->store->always))
		declared = t->store->declares(t->store->arg, name);
	return declared < 0 ? ours : declared;
}

static void refuse_type(const struct taken *t, const struct plan_label *label)
{
	const type_datum_t *found = find_name(t, label->text);

	if (!found)
		return;
	if (found->flavor == TYPE_ATTRIB)
		diag_add(t->diag, DIAG_ERROR, label->pos, label->text, "choose another name",
			 "the policy has an attribute with this name");
	else if (!is_own_type(t, label->text, found, looks_like_type))
		diag_add(t->diag, DIAG_ERROR, label->pos, label->text,
			 "choose a new name; a line can use a type of the policy without this "
			 "statement",
			 "the policy has this type already");
}

/* Refuses an application for a name that would be one of its types. Returns whether it did. */
static bool refuse_application(const struct taken *t, const struct plan_application *a,
			       const char *name,
			       bool (*looks_like)(const struct taken *t, const type_datum_t *type))
{
	const type_datum_t *found = find_name(t, name);

	if (!found || (found->flavor != TYPE_ATTRIB && is_own_type(t, name, found, looks_like)))
		return false;
	diag_add(t->diag, DIAG_ERROR, a->pos, a->name, "give the application another name",
		 "the policy has the %s %s already",
		 found->flavor == TYPE_ATTRIB ? "attribute" : "type", name);
	return true;
}

/* In "allow" and "only", the name would stand for the application. */
static bool refuse_application_name(const struct taken *t, const struct plan_application *a)
{
	const type_datum_t *found = find_name(t, a->name);

	if (found)
		diag_add(t->diag, DIAG_ERROR, a->pos, a->name, "give the application another name",
			 "the policy has %s with this name",
			 found->flavor == TYPE_ATTRIB ? "an attribute" : "a type");
	return found;
}

void policy_taken_refuse(const struct plan *plan, const struct policydb *p,
			 const struct policy_taken_store *store, struct diag *diag)
{
	const struct taken t = { .p = p, .store = store, .diag = diag };
	const struct plan_application *a;
	size_t i;

	for (i = 0; i < plan->n_types; i++)
		refuse_type(&t, &plan->types[i]);
	for (a = plan->applications; a < plan->applications + plan->n_applications; a++)
		if (!refuse_application_name(&t, a) &&
		    !refuse_application(&t, a, a->domain, looks_like_domain))
			refuse_application(&t, a, a->entry, looks_like_entry);
}
