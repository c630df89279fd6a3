// SPDX-License-Identifier: GPL-2.0-only
#include "advise/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/line_port.h"
#include "base/err.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "util/alloc.h"

/* Where a context is from */
struct origin {
	const struct plan_line *line; /* NULL: from rules */
	/* its type replaces a type that the plan defines: it need not be for packets */
	bool stands_in;
};

static enum packet_side side_of(const struct plan_line *line)
{
	static const enum packet_side sides[SIDES] = {
		[SIDE_SERVER] = PACKET_SERVER,
		[SIDE_CLIENT] = PACKET_CLIENT,
		[SIDE_FORWARD] = PACKET_ANY_SIDE,
	};

	return line ? sides[line->side] : PACKET_ANY_SIDE;
}

/* What else a type is for, in refpolicy's attributes; NULL if nobody knows */
static const char *other_use(struct oracle *o, const char *type)
{
	static const struct {
		const char *attribute, *use;
	} uses[] = {
		{ "domain", "a domain" },
		{ "port_type", "a type of ports" },
	};
	size_t i;

	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (o->ops->type_has(o, type, uses[i].attribute) == 1)
			return uses[i].use;
	return NULL;
}

/* "server named_t tcp 53": the port has the type dns_port_t, so dns_server_packet_t was meant. */
static void hint_at_ports(struct oracle *o, const struct plan_line *line, struct err *err)
{
	const char *type = line_port_type(o, line);

	if (type)
		oracle_hint_stem(o, type, side_of(line), err);
}

/* The type is not for packets. A plan with such a label is a mistake. Rules that others have loaded
 * may mean it. */
static int judge_other_type(struct check *c, const char *type, const struct plan_line *line,
			    struct err *err)
{
	const char *use = other_use(c->oracle, type);
	int ret = use && line ? -EINVAL : 0;

	if (use)
		err_set(err, ret, "type '%s' is %s, not a type of packets", type, use);
	else
		err_set(err, ret, "type '%s' lacks the attribute packet_type", type);
	if (oracle_hint_stem(c->oracle, type, side_of(line), err))
		return ret;
	if (!use)
		err_hint(err, "the policy's rules for packets use it");
	else if (line)
		hint_at_ports(c->oracle, line, err);
	return ret;
}

/* 0: valid, and err filled if it is not for packets; -EINVAL: not valid, or no label for a plan,
 * err says why; another -errno: nobody knows */
static int check_judge(struct check *c, const char *text, struct origin origin, struct err *err)
{
	struct context ctx;
	struct err ignored;
	int ret = oracle_judge_for(c->oracle, text, side_of(origin.line), err);

	if (ret || origin.stands_in || context_parse(text, &ctx, &ignored) ||
	    oracle_is_packet_type(c->oracle, ctx.type) ||
	    oracle_is_module_packet_type(c->oracle, ctx.type))
		return ret;
	return judge_other_type(c, ctx.type, origin.line, err);
}

static void not_judged(struct check *c, int error)
{
	if (!c->unknown++)
		c->why_unknown = error;
}

/* Judges a context. Messages show it as the user wrote it. */
static void check_as(struct check *c, struct pos pos, const char *written, const char *text,
		     struct origin origin)
{
	struct err err = { .what = "" };
	int ret = check_judge(c, text, origin, &err);

	c->contexts++;
	if (ret && ret != -EINVAL)
		not_judged(c, ret);
	else if (*err.what)
		diag_add(c->diag, ret ? DIAG_ERROR : DIAG_WARNING, pos, written,
			 *err.hint ? err.hint : NULL, "%s", err.what);
}

void check_context(struct check *c, struct pos pos, const char *text)
{
	check_as(c, pos, text, text, (struct origin){ 0 });
}

/* Returns the policy's own object context with this type, and with this level if it is not NULL.
 * The caller frees it. NULL: the oracle does not know. */
static char *check_own_context(struct check *c, struct pos pos, const char *type, const char *level)
{
	char text[CONTEXT_LEN_MAX + 1];
	const struct context *base;
	int ret = oracle_base(c->oracle, &base);

	if (ret) {
		c->contexts++;
		not_judged(c, ret);
		return NULL;
	}
	if (!context_format(text, base->user, base->role, type, level ? level : base->level))
		return alloc_text(text, strlen(text));
	diag_add(c->diag, DIAG_ERROR, pos, type, NULL, "the context would be longer than %d bytes",
		 CONTEXT_LEN_MAX);
	return NULL;
}

void check_type(struct check *c, struct pos pos, const char *type)
{
	char *context = check_own_context(c, pos, type, NULL);

	if (context)
		check_as(c, pos, type, context, (struct origin){ 0 });
	free(context);
}

/* The types that a plan defines, in the order of the alphabet */
struct defined {
	const char **v;
	size_t n;
};

static int check_by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct defined sort_types(const struct plan *plan)
{
	struct defined d = { alloc_zeroed(plan->n_types + 1, sizeof(*d.v)), plan->n_types };
	size_t i;

	for (i = 0; i < d.n; i++)
		d.v[i] = plan->types[i].text;
	qsort(d.v, d.n, sizeof(*d.v), check_by_name);
	return d;
}

static bool is_defined(const struct defined *d, const char *type)
{
	return bsearch(&type, d->v, d->n, sizeof(*d->v), check_by_name);
}

/* Returns a whole context as it was written, with the level of the line added. */
static char *whole_context(const struct plan_label *label)
{
	size_t len = strlen(label->text) + (label->level ? strlen(label->level) + 1 : 0);
	char *text = alloc_zeroed(1, len + 1);

	snprintf(text, len + 1, "%s%s%s", label->text, label->level ? ":" : "",
		 label->level ? label->level : "");
	return text;
}

/* Returns the context with the type, or the level, of the policy's own object context. The caller
 * frees it. NULL: that is not possible. */
static char *with_base(struct check *c, const char *context, bool type, bool level)
{
	char text[CONTEXT_LEN_MAX + 1];
	const struct context *own;
	struct context ctx;
	struct err ignored;

	if (oracle_base(c->oracle, &own) || context_parse(context, &ctx, &ignored) ||
	    context_format(text, ctx.user, ctx.role, type ? own->type : ctx.type,
			   level ? own->level : ctx.level))
		return NULL;
	return alloc_text(text, strlen(text));
}

/* Is the line's "level" wrong, and the rest of the context right? */
static bool level_is_wrong(struct check *c, const char *context)
{
	char *other = with_base(c, context, false, true);
	struct err ignored;
	bool wrong = other && !oracle_judge(c->oracle, other, &ignored) &&
		     oracle_judge(c->oracle, context, &ignored) == -EINVAL;

	free(other);
	return wrong;
}

static void check_label(struct check *c, const struct defined *defined, struct plan_line *line)
{
	struct plan_label *label = &line->label;
	bool whole = strchr(label->text, ':');
	struct context ctx;
	struct err ignored;
	char *known = NULL;
	struct origin origin = { .line = line };
	const char *asked;

	free(label->context);
	label->context = whole ? whole_context(label) :
				 check_own_context(c, label->pos, label->text, label->level);
	if (!label->context)
		return;
	/* the plan defines this type, so the policy does not have it yet: ask with another one */
	if (!context_parse(label->context, &ctx, &ignored) && is_defined(defined, ctx.type))
		known = with_base(c, label->context, true, false);
	asked = known ? known : label->context;
	origin.stands_in = known;
	if (label->level && level_is_wrong(c, asked))
		check_as(c, label->level_pos, label->level, asked, origin);
	else
		check_as(c, label->pos, label->text, asked, origin);
	free(known);
}

/* A line with several protocols is judged once. */
static void copy_context(struct plan_label *to, const struct plan_label *from)
{
	free(to->context);
	to->context = from->context ? alloc_text(from->context, strlen(from->context)) : NULL;
}

int check_plan(struct check *c, struct plan *plan)
{
	struct defined defined = sort_types(plan);
	size_t before = c->diag->errors, i;

	for (i = 0; i < plan->n_lines; i++) {
		struct plan_line *line = &plan->lines[i];

		if (line->part)
			copy_context(&line->label, &line[-1].label);
		else
			check_label(c, &defined, line);
	}
	free(defined.v);
	return c->diag->errors > before ? -EINVAL : 0;
}
