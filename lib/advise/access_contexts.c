// SPDX-License-Identifier: GPL-2.0-only
#include "advise/access_contexts.h"

#include <stdlib.h>

#include "advise/access_ranges.h"
#include "util/alloc.h"

/* SECINITSID_PORT, the kernel's security/selinux/include/initial_sid_to_string.h */
#define INITIAL_SID_PORT 9

void access_contexts_init(struct access_contexts *c, policydb_t *p, sidtab_t *sids, bool levels)
{
	const ocontext_t *isid;

	*c = (struct access_contexts){ .p = p, .sids = sids, .levels = levels && p->mls };
	c->ranges = alloc_zeroed(p->p_users.nprim + 1, sizeof(*c->ranges));
	c->first = alloc_zeroed(p->p_types.nprim + 1, sizeof(*c->first));
	for (isid = p->ocontexts[OCON_ISID]; isid; isid = isid->next) {
		if (isid->sid[0] == INITIAL_SID_PORT) {
			c->object_user = isid->context[0].user;
			c->object_role = isid->context[0].role;
		}
	}
}

static bool role_has(const struct access_contexts *c, uint32_t role, uint32_t type)
{
	const role_datum_t *r = c->p->role_val_to_struct[role - 1];

	return r && role != c->object_role && ebitmap_get_bit(&r->cache, type - 1);
}

bool access_contexts_runs(const struct access_contexts *c, uint32_t type)
{
	uint32_t role;

	for (role = 1; role <= c->p->p_roles.nprim; role++)
		if (role_has(c, role, type))
			return true;
	return false;
}

/* Does the user go with the role? A role that no user has yet goes with the user of objects: it
 * takes one command to give it to a user. */
static bool user_has(const struct access_contexts *c, uint32_t user, uint32_t role)
{
	const user_datum_t *u;
	bool any = false;
	uint32_t i;

	for (i = 1; i <= c->p->p_users.nprim; i++) {
		u = c->p->user_val_to_struct[i - 1];
		if (!u || !ebitmap_get_bit(&u->cache, role - 1))
			continue;
		if (i == user)
			return true;
		any = true;
	}
	return !any && user == c->object_user;
}

/* Finds the n-th user and role that go with the type. */
static bool find_user_and_role(const struct access_contexts *c, uint32_t type, size_t n,
			       context_struct_t *context)
{
	uint32_t user, role;

	for (role = 1; role <= c->p->p_roles.nprim; role++) {
		if (!role_has(c, role, type))
			continue;
		for (user = 1; user <= c->p->p_users.nprim; user++) {
			if (!user_has(c, user, role) || n--)
				continue;
			context->user = user;
			context->role = role;
			return true;
		}
	}
	return false;
}

/* A context of an object: a role that no process has, and any user. */
static bool object_context(const struct access_contexts *c, size_t n, context_struct_t *context)
{
	context->user = !n ? c->object_user : n < c->object_user ? n : n + 1;
	context->role = c->object_role;
	return context->user && context->user <= c->p->p_users.nprim;
}

/* Finds the n-th user and role of a type. */
static bool find_person(const struct access_contexts *c, uint32_t type, size_t n,
			context_struct_t *context)
{
	*context = (context_struct_t){ .type = type };
	return access_contexts_runs(c, type) ? find_user_and_role(c, type, n, context) :
					       object_context(c, n, context);
}

sepol_security_id_t access_contexts_first(struct access_contexts *c, uint32_t type)
{
	context_struct_t context;
	const user_datum_t *u;

	if (c->first[type] || !find_person(c, type, 0, &context))
		return c->first[type];
	u = c->p->user_val_to_struct[context.user - 1];
	if (u && (!c->p->mls || !mls_range_cpy(&context.range, &u->exp_range)) &&
	    sepol_sidtab_context_to_sid(c->sids, &context, &c->first[type]))
		c->first[type] = 0;
	context_destroy(&context);
	return c->first[type];
}

static void forget_ranges(struct access_contexts *c)
{
	uint32_t i;

	for (i = 0; i <= c->p->p_users.nprim; i++) {
		if (c->ranges[i])
			access_ranges_free(c->ranges[i]);
		free(c->ranges[i]);
		c->ranges[i] = NULL;
	}
}

void access_contexts_label(struct access_contexts *c, const mls_range_t *label)
{
	if (c->levels)
		forget_ranges(c);
	c->label = label;
}

/* Fills the range of a user with a number. Returns false if it has none; end: nor any later one. */
static bool range_of(struct access_contexts *c, uint32_t user, size_t n, mls_range_t *range,
		     bool *end)
{
	const user_datum_t *u = c->p->user_val_to_struct[user - 1];
	struct access_ranges *r = c->ranges[user];

	*end = !u || (!c->levels && n);
	if (*end)
		return false;
	if (!c->levels)
		return !c->p->mls || !mls_range_cpy(range, &u->exp_range);
	if (!r) {
		r = c->ranges[user] = alloc_zeroed(1, sizeof(*r));
		access_ranges_make(r, c->p, &u->exp_range, c->label);
	}
	*end = n >= r->n;
	return !*end && access_ranges_get(r, n, range);
}

/* Makes this the context of the scratch SID; takes it. */
static bool set_scratch(struct access_contexts *c, context_struct_t *context)
{
	context_struct_t *own = c->scratch ? sepol_sidtab_search(c->sids, c->scratch) : NULL;

	if (own) {
		context_destroy(own);
		*own = *context;
		return true;
	}
	c->scratch = c->sids->next_sid;
	if (sepol_sidtab_insert(c->sids, c->scratch, context))
		c->scratch = 0;
	context_destroy(context);
	return c->scratch;
}

void access_contexts_end(struct access_contexts *c)
{
	context_struct_t *own = c->scratch ? sepol_sidtab_search(c->sids, c->scratch) : NULL;

	if (own)
		context_destroy(own);
}

bool access_contexts_next(struct access_contexts *c, uint32_t type, struct access_walk *walk,
			  sepol_security_id_t *sid)
{
	context_struct_t context;
	bool end, found = false;

	while (!found && find_person(c, type, walk->person, &context)) {
		found = range_of(c, context.user, walk->range++, &context.range, &end);
		if (end)
			*walk = (struct access_walk){ .person = walk->person + 1 };
	}
	*sid = found && set_scratch(c, &context) ? c->scratch : 0;
	return *sid;
}

void access_contexts_free(struct access_contexts *c)
{
	if (c->ranges)
		forget_ranges(c);
	free(c->ranges);
	free(c->first);
	*c = (struct access_contexts){ .p = NULL };
}
