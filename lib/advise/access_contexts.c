// SPDX-License-Identifier: GPL-2.0-only
#include "advise/access_contexts.h"

#include <stdlib.h>

#include "util/alloc.h"

/* SECINITSID_PORT, the kernel's security/selinux/include/initial_sid_to_string.h */
#define INITIAL_SID_PORT 9

void access_contexts_init(struct access_contexts *c, policydb_t *p, sidtab_t *sids)
{
	const ocontext_t *isid;

	*c = (struct access_contexts){ .p = p, .sids = sids };
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

static bool set_range(const struct access_contexts *c, context_struct_t *context,
		      const mls_level_t *level, bool whole)
{
	const user_datum_t *u = c->p->user_val_to_struct[context->user - 1];

	if (!c->p->mls)
		return whole;
	if (whole)
		return u && !mls_range_cpy(&context->range, &u->exp_range);
	if (!u || !mls_level_dom(level, &u->exp_range.level[0]) ||
	    !mls_level_dom(&u->exp_range.level[1], level))
		return false;
	return !mls_level_cpy(&context->range.level[0], level) &&
	       !mls_level_cpy(&context->range.level[1], level);
}

/* A context of an object: a role that no process has. */
static bool object_context(const struct access_contexts *c, size_t n, context_struct_t *context)
{
	context->user = c->object_user;
	context->role = c->object_role;
	return !n && c->object_user && c->object_user <= c->p->p_users.nprim;
}

bool access_contexts_get(struct access_contexts *c, uint32_t type, const mls_level_t *level,
			 size_t n, sepol_security_id_t *sid)
{
	context_struct_t context = { .type = type };
	bool found;

	if (!n && c->first[type]) {
		*sid = c->first[type];
		return true;
	}
	found = access_contexts_runs(c, type) ? find_user_and_role(c, type, n / 2, &context) :
						object_context(c, n / 2, &context);
	if (!found)
		return false;
	if (!set_range(c, &context, level, n % 2 == 0)) {
		context_destroy(&context);
		/* this user cannot have the level: the same as with its whole range */
		return n % 2 ? access_contexts_get(c, type, level, n - 1, sid) : false;
	}
	found = !sepol_sidtab_context_to_sid(c->sids, &context, sid);
	context_destroy(&context);
	if (found && !n)
		c->first[type] = *sid;
	return found;
}

void access_contexts_free(struct access_contexts *c)
{
	free(c->first);
	c->first = NULL;
}
