// SPDX-License-Identifier: GPL-2.0-only
#include "selinux/oracle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/nearest.h"
#include "selinux/context.h"
#include "selinux/judged.h"
#include "selinux/packet_type.h"

#define PACKET_TYPE "packet_type"
/* that of types for the domains that a policy module allows: policy/refpolicy/secmark2.if */
#define MODULE_PACKET_TYPE "secmark2_packet_type"
/* The role of objects: the kernel accepts it with every user, type and level
 * (policydb_context_isvalid(), security/selinux/ss/policydb.c). */
#define OBJECT_ROLE "object_r"

/* The context that is being judged, and the policy's own context to try its fields in. */
struct trial {
	struct oracle *o;
	const struct context *ctx;
	const struct context *base;
	enum packet_side side;
	struct err *err;
};

/* A search for the packet types that were meant. */
struct type_search {
	struct nearest near;
	enum packet_side side;
};

static int oracle_ask(struct trial *t, const char *user, const char *role, const char *type,
		      const char *level)
{
	/* fields of two contexts together may be longer than a rule can carry */
	char text[2 * CONTEXT_LEN_MAX];

	snprintf(text, sizeof(text), "%s:%s:%s%s%s", user, role, type, level ? ":" : "",
		 level ? level : "");
	return t->o->ops->valid(t->o, text);
}

static void offer_name(void *arg, const char *name)
{
	nearest_offer(arg, name);
}

static void oracle_offer_type(void *arg, const char *name)
{
	struct type_search *s = arg;

	packet_type_offer(&s->near, name, s->side);
}

static bool hint_at_nearest(const struct nearest *near, struct err *err)
{
	char list[sizeof(err->hint) - 16];

	nearest_format(near, list, sizeof(list));
	if (*list)
		err_hint(err, "did you mean %s?", list);
	return *list;
}

static void suggest_name(struct trial *t, enum oracle_names what, const char *want)
{
	struct nearest near = NEAREST(want);

	if (t->o->searches++ >= ORACLE_SEARCHES_MAX)
		return;
	t->o->ops->names(t->o, what, NULL, offer_name, &near);
	hint_at_nearest(&near, t->err);
}

static void search_types(struct oracle *o, struct type_search *s)
{
	if (o->searches++ >= ORACLE_SEARCHES_MAX)
		return;
	if (o->ops->names(o, ORACLE_TYPES, PACKET_TYPE, oracle_offer_type, s) == -ENOENT)
		o->ops->names(o, ORACLE_TYPES, NULL, oracle_offer_type, s);
}

static bool hint_at_type(struct oracle *o, const char *type, enum packet_side side, struct err *err)
{
	struct type_search s = { NEAREST(type), side };

	search_types(o, &s);
	return hint_at_nearest(&s.near, err);
}

bool oracle_hint_type(struct oracle *o, const char *type, struct err *err)
{
	return hint_at_type(o, type, PACKET_ANY_SIDE, err);
}

bool oracle_hint_stem(struct oracle *o, const char *type, enum packet_side side, struct err *err)
{
	struct type_search s = { NEAREST(type), side };

	search_types(o, &s);
	return !packet_type_is_alike(&s.near) && hint_at_nearest(&s.near, err);
}

static int blame_field(struct trial *t, const char *field, const char *text)
{
	char quoted[256];

	if (!*text)
		return err_set(t->err, -EINVAL, "the context has an empty %s", field);
	return err_set(t->err, -EINVAL, "%s '%s' is not in %s", field,
		       err_quote(quoted, sizeof(quoted), text), t->o->policy);
}

static bool user_is_wrong(struct trial *t)
{
	return !oracle_ask(t, t->ctx->user, OBJECT_ROLE, t->base->type, t->base->level);
}

static bool type_is_wrong(struct trial *t)
{
	return !oracle_ask(t, t->base->user, OBJECT_ROLE, t->ctx->type, t->base->level);
}

/* A context of another policy often has both wrong. The hint is about the type: users are few. */
static int blame_user_and_type(struct trial *t)
{
	char user[128], type[128];

	err_set(t->err, -EINVAL, "user '%s' and type '%s' are not in %s",
		err_quote(user, sizeof(user), t->ctx->user),
		err_quote(type, sizeof(type), t->ctx->type), t->o->policy);
	hint_at_type(t->o, t->ctx->type, t->side, t->err);
	return -EINVAL;
}

static int judge_user(struct trial *t)
{
	if (!user_is_wrong(t))
		return 0;
	if (*t->ctx->user && *t->ctx->type && type_is_wrong(t))
		return blame_user_and_type(t);
	blame_field(t, "user", t->ctx->user);
	suggest_name(t, ORACLE_USERS, t->ctx->user);
	return -EINVAL;
}

static int judge_type(struct trial *t)
{
	if (!type_is_wrong(t))
		return 0;
	blame_field(t, "type", t->ctx->type);
	hint_at_type(t->o, t->ctx->type, t->side, t->err);
	return -EINVAL;
}

static int ask_level(struct trial *t, const char *level)
{
	return oracle_ask(t, t->base->user, OBJECT_ROLE, t->base->type, level);
}

static int judge_category(struct trial *t, const char *sensitivity, const char *category)
{
	char level[CONTEXT_LEN_MAX + 1];

	snprintf(level, sizeof(level), "%s:%s", sensitivity, category);
	if (ask_level(t, level) != 0)
		return 0;
	if (!*category)
		return blame_field(t, "category", category);
	return err_set(t->err, -EINVAL, "category '%s' is not in %s for sensitivity '%s'", category,
		       t->o->policy, sensitivity);
}

/* FIRST or FIRST.LAST */
static int judge_category_range(struct trial *t, const char *sensitivity, char *range)
{
	char *last = strchr(range, '.');
	char whole[CONTEXT_LEN_MAX + 1];

	if (!last)
		return judge_category(t, sensitivity, range);
	snprintf(whole, sizeof(whole), "%s", range);
	*last++ = '\0';
	if (judge_category(t, sensitivity, range) || judge_category(t, sensitivity, last))
		return -EINVAL;
	if (!judge_category(t, sensitivity, whole))
		return 0;
	return err_set(t->err, -EINVAL, "category range '%s' is not ascending", whole);
}

/* SENSITIVITY[:CATEGORIES], one end of the range */
static int judge_level_end(struct trial *t, char *level)
{
	char *rest = level, *range;
	const char *sensitivity = strsep(&rest, ":");

	if (ask_level(t, sensitivity) == 0)
		return blame_field(t, "sensitivity", sensitivity);
	while ((range = strsep(&rest, ",")))
		if (judge_category_range(t, sensitivity, range))
			return -EINVAL;
	return 0;
}

static int judge_level(struct trial *t)
{
	const char *level = t->ctx->level;
	char copy[CONTEXT_LEN_MAX + 1];
	char *rest = copy, *end;

	if (level && !t->base->level)
		return err_set(t->err, -EINVAL, "level '%s' was not expected: %s has no MLS or MCS",
			       level, t->o->policy);
	if (!level && t->base->level) {
		err_set(t->err, -EINVAL, "the level is missing");
		err_hint(t->err, "%s has MLS or MCS: %s:%s:%s:%s", t->o->policy, t->ctx->user,
			 t->ctx->role, t->ctx->type, t->base->level);
		return -EINVAL;
	}
	if (!level || ask_level(t, level) != 0)
		return 0;
	snprintf(copy, sizeof(copy), "%s", level);
	while ((end = strsep(&rest, "-")))
		if (judge_level_end(t, end))
			return -EINVAL;
	err_set(t->err, -EINVAL, "level '%s' is not a range of %s", level, t->o->policy);
	err_hint(t->err, "expected LOW or LOW-HIGH, where HIGH includes all of LOW");
	return -EINVAL;
}

static int blame_range(struct trial *t)
{
	return err_set(t->err, -EINVAL, "level '%s' is not within the range of user '%s'",
		       t->ctx->level, t->ctx->user);
}

/* All fields exist, but they do not fit together. */
static int judge_role(struct trial *t)
{
	const struct context *c = t->ctx;

	if (c->level && oracle_ask(t, c->user, c->role, c->type, t->base->level) == 1)
		return blame_range(t);
	switch (t->o->ops->role(t->o, c->user, c->role, c->type)) {
	case ORACLE_ROLE_FITS:
		if (c->level)
			return blame_range(t);
		break;
	case ORACLE_ROLE_UNKNOWN:
		blame_field(t, "role", c->role);
		suggest_name(t, ORACLE_ROLES, c->role);
		return -EINVAL;
	case ORACLE_ROLE_NOT_FOR_USER:
		return err_set(t->err, -EINVAL, "role '%s' is not allowed for user '%s'", c->role,
			       c->user);
	case ORACLE_ROLE_NOT_FOR_TYPE:
		err_set(t->err, -EINVAL, "role '%s' is not allowed for type '%s'", c->role,
			c->type);
		err_hint(t->err, "packets have the role " OBJECT_ROLE);
		return -EINVAL;
	}
	err_set(t->err, -EINVAL, "role '%s' is unknown, or does not go with user '%s', type '%s'%s",
		c->role, c->user, c->type, c->level ? " and this level" : "");
	err_hint(t->err, "packets have the role " OBJECT_ROLE);
	return -EINVAL;
}

static int find_fault(struct trial *t)
{
	static int (*const judges[])(struct trial * t) = { judge_user, judge_type, judge_level,
							   judge_role };
	unsigned int i;
	int ret = 0;

	/* without a good context to compare with, the wrong field cannot be found */
	if (oracle_base(t->o, &t->base))
		return err_set(t->err, -EINVAL, "the context is not valid in %s", t->o->policy);
	for (i = 0; i < sizeof(judges) / sizeof(judges[0]) && !ret; i++)
		ret = judges[i](t);
	return ret;
}

int oracle_base(struct oracle *o, const struct context **base)
{
	char text[CONTEXT_LEN_MAX + 1];
	struct err ignored;

	if (!o->base_asked) {
		o->base_asked = true;
		o->base_error = o->ops->base(o, text);
		if (!o->base_error && context_parse(text, &o->base, &ignored))
			o->base_error = -EIO;
	}
	*base = &o->base;
	return o->base_error;
}

static int judge_anew(struct oracle *o, const struct context *ctx, enum packet_side side,
		      struct err *err)
{
	struct trial t = { .o = o, .ctx = ctx, .side = side, .err = err };
	int ret = oracle_ask(&t, ctx->user, ctx->role, ctx->type, ctx->level);

	if (ret < 0)
		return ret;
	return ret == 1 ? 0 : find_fault(&t);
}

int oracle_judge(struct oracle *o, const char *text, struct err *err)
{
	return oracle_judge_for(o, text, PACKET_ANY_SIDE, err);
}

int oracle_judge_for(struct oracle *o, const char *text, enum packet_side side, struct err *err)
{
	struct judged *judged = &o->judged[side];
	const struct judgement *known = judged_find(judged, text);
	struct context ctx;
	int ret;

	if (known) {
		/* They fit: they come from a struct err. A rule set has thousands of rules with the
		 * same few contexts, so this is not the place for printf. */
		strcpy(err->what, known->what);
		strcpy(err->hint, known->hint);
		return known->verdict;
	}
	ret = context_parse(text, &ctx, err);
	if (ret)
		return ret;
	err_set(err, 0, "%s", "");
	ret = judge_anew(o, &ctx, side, err);
	judged_add(judged, text, ret, err);
	return ret;
}

bool oracle_tells_first(struct oracle *o, const char *text)
{
	struct judgement *known = judged_find(&o->judged[PACKET_ANY_SIDE], text);
	bool first = !known || !known->told;

	if (known)
		known->told = true;
	return first;
}

bool oracle_is_packet_type(struct oracle *o, const char *type)
{
	return o->ops->type_has(o, type, PACKET_TYPE) != 0;
}

bool oracle_is_module_packet_type(struct oracle *o, const char *type)
{
	return o->ops->type_has(o, type, MODULE_PACKET_TYPE) > 0;
}

void oracle_free(struct oracle *o)
{
	size_t i;

	if (!o)
		return;
	for (i = 0; i < PACKET_SIDES; i++)
		judged_free(&o->judged[i]);
	o->ops->free(o);
}
