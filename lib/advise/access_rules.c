// SPDX-License-Identifier: GPL-2.0-only
#include "advise/access_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sepol/policydb/policydb.h>

#include "selinux/sepol_conditional.h"
#include "util/alloc.h"
#include "util/buffer.h"

unsigned int access_rules_perms(const struct access_rules *rules, uint32_t vector)
{
	unsigned int perms = 0, i;

	for (i = 0; i < ACCESS_RULES_PERMS; i++)
		if (vector & rules->bits[i])
			perms |= 1u << i;
	return perms;
}

static void find_class(const struct policydb *p, const char *name, const char *const *perms,
		       size_t n, struct access_rules *rules)
{
	const class_datum_t *class = hashtab_search(p->p_classes.table, name);
	const perm_datum_t *perm;
	size_t i;

	if (!class)
		return;
	rules->class = class->s.value;
	for (i = 0; i < n; i++) {
		perm = hashtab_search(class->permissions.table, perms[i]);
		if (!perm && class->comdatum)
			perm = hashtab_search(class->comdatum->permissions.table, perms[i]);
		if (perm && perm->s.value && perm->s.value <= 32)
			rules->bits[i] = UINT32_C(1) << (perm->s.value - 1);
	}
}

static const char *type_name(const struct policydb *p, uint32_t value)
{
	return value && value <= p->p_types.nprim ? p->p_type_val_to_name[value - 1] : NULL;
}

static void add_policy_rule(const struct policydb *p, struct access_rules *rules,
			    const avtab_key_t *key, uint32_t vector,
			    const struct access_policy_rule *condition)
{
	struct access_policy_rule *new;
	unsigned int perms;

	if (key->target_class != rules->class || !(key->specified & AVTAB_ALLOWED))
		return;
	perms = access_rules_perms(rules, vector);
	if (!perms || !type_name(p, key->source_type) || !type_name(p, key->target_type))
		return;
	rules->v = alloc_one_more(rules->v, rules->n, sizeof(*rules->v));
	new = &rules->v[rules->n++];
	*new = *condition;
	new->rule.source = type_name(p, key->source_type);
	new->rule.target = type_name(p, key->target_type);
	new->rule.perms = perms;
	new->source = key->source_type;
	new->target = key->target_type;
}

static void add_boolean(struct access_condition *c, const char *name, bool on)
{
	size_t i;

	for (i = 0; i < c->n_booleans; i++)
		if (c->booleans[i].name == name)
			return;
	c->booleans = alloc_one_more(c->booleans, c->n_booleans, sizeof(*c->booleans));
	c->booleans[c->n_booleans++] = (struct access_boolean){ name, on };
}

static char *join_condition(const char *a, const char *op, const char *b)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	fprintf(out, "%s%s%s", a, op, b);
	buffer_close(out);
	return text;
}

/* Puts an operand of an operator into parentheses, if it has an operator itself. */
static char *enclose(char *text)
{
	char *open, *whole;

	if (!strchr(text, ' '))
		return text;
	open = join_condition("(", text, "");
	whole = join_condition(open, ")", "");
	free(open);
	free(text);
	return whole;
}

/* Applies an operator to the ends of the stack. Returns the new depth; 0 if operands lack. */
static size_t apply_operator(char **stack, size_t depth, uint32_t kind)
{
	static const char *const ops[COND_LAST + 1] = {
		[COND_OR] = " || ", [COND_AND] = " && ", [COND_XOR] = " ^ ",
		[COND_EQ] = " == ", [COND_NEQ] = " != ",
	};
	char *whole;

	if (depth < (kind == COND_NOT ? 1 : 2) || kind > COND_LAST ||
	    (kind != COND_NOT && !ops[kind]))
		return 0;
	stack[depth - 1] = enclose(stack[depth - 1]);
	if (kind == COND_NOT) {
		whole = join_condition("!", stack[depth - 1], "");
		free(stack[depth - 1]);
		stack[depth - 1] = whole;
		return depth;
	}
	stack[depth - 2] = enclose(stack[depth - 2]);
	whole = join_condition(stack[depth - 2], ops[kind], stack[depth - 1]);
	free(stack[depth - 2]);
	free(stack[depth - 1]);
	stack[depth - 2] = whole;
	stack[depth - 1] = NULL;
	return depth - 1;
}

/* Writes the condition, which the policy has with its operators behind their operands. NULL: it is
 * not a good one. */
static char *read_condition(const struct policydb *p, const cond_expr_t *expr,
			    struct access_condition *c)
{
	char *stack[COND_EXPR_MAXDEPTH] = { NULL }, *text;
	size_t depth = 0, i;

	for (; expr; expr = expr->next) {
		if (expr->expr_type == COND_BOOL && depth < COND_EXPR_MAXDEPTH && expr->boolean &&
		    expr->boolean <= p->p_bools.nprim && p->bool_val_to_struct[expr->boolean - 1]) {
			const char *name = p->p_bool_val_to_name[expr->boolean - 1];

			add_boolean(c, name, p->bool_val_to_struct[expr->boolean - 1]->state);
			stack[depth++] = alloc_text(name, strlen(name));
		} else {
			depth = apply_operator(stack, depth, expr->expr_type);
			if (!depth)
				break;
		}
	}
	text = depth == 1 ? stack[0] : NULL;
	for (i = text ? 1 : 0; i < COND_EXPR_MAXDEPTH; i++)
		free(stack[i]);
	return text;
}

static void add_list(const struct policydb *p, struct access_rules *rules,
		     const cond_av_list_t *list, const struct access_policy_rule *condition)
{
	for (; list; list = list->next)
		add_policy_rule(p, rules, &list->node->key, list->node->datum.data, condition);
}

static void condition_free(struct access_condition *c)
{
	free(c->text);
	free(c->booleans);
	free(c);
}

static void add_conditional(const struct policydb *p, struct access_rules *rules)
{
	struct access_policy_rule rule;
	const cond_node_t *node;
	struct access_condition *c;
	size_t before;

	for (node = p->cond_list; node; node = node->next) {
		c = alloc_zeroed(1, sizeof(*c));
		c->text = read_condition(p, node->expr, c);
		rule = (struct access_policy_rule){ .condition = c };
		rule.rule.condition = c->text;
		rule.rule.booleans = c->booleans;
		rule.rule.n_booleans = c->n_booleans;
		rule.rule.branch = true;
		rule.rule.on = node->cur_state == 1;
		before = rules->n;
		if (c->text)
			add_list(p, rules, node->true_list, &rule);
		rule.rule.branch = false;
		rule.rule.on = node->cur_state == 0;
		if (c->text)
			add_list(p, rules, node->false_list, &rule);
		if (rules->n == before) {
			condition_free(c);
			continue;
		}
		rules->conditions = alloc_one_more(rules->conditions, rules->n_conditions,
						   sizeof(*rules->conditions));
		rules->conditions[rules->n_conditions++] = c;
	}
}

static int by_target(const void *a, const void *b)
{
	const struct access_policy_rule *x = a, *y = b;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	if (!x->condition || !y->condition)
		return !!x->condition - !!y->condition;
	if (x->rule.branch != y->rule.branch)
		return x->rule.branch ? -1 : 1;
	return strcmp(x->rule.condition, y->rule.condition);
}

/* A policy may give each permission by a rule of its own. */
static void merge_rules(struct access_rules *rules)
{
	size_t i, kept = 0;

	for (i = 0; i < rules->n; i++) {
		if (kept && !by_target(&rules->v[kept - 1], &rules->v[i]))
			rules->v[kept - 1].rule.perms |= rules->v[i].rule.perms;
		else
			rules->v[kept++] = rules->v[i];
	}
	rules->n = kept;
}

void access_rules_read(struct policydb *p, const char *class, const char *const *perms, size_t n,
		       struct access_rules *rules)
{
	const struct access_policy_rule none = { .rule = { .on = true } };
	const struct avtab_node *node;
	uint32_t i;

	*rules = (struct access_rules){ .v = NULL };
	find_class(p, class, perms, n, rules);
	if (!rules->class)
		return;
	for (i = 0; i < p->te_avtab.nslot; i++)
		for (node = p->te_avtab.htable[i]; node; node = node->next)
			add_policy_rule(p, rules, &node->key, node->datum.data, &none);
	add_conditional(p, rules);
	if (rules->n)
		qsort(rules->v, rules->n, sizeof(*rules->v), by_target);
	merge_rules(rules);
}

const struct access_policy_rule *access_rules_of(const struct access_rules *rules, uint32_t target)
{
	size_t lo = 0, hi = rules->n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (rules->v[mid].target < target)
			lo = mid + 1;
		else
			hi = mid;
	}
	return rules->v + lo;
}

void access_rules_free(struct access_rules *rules)
{
	size_t i;

	for (i = 0; i < rules->n_conditions; i++)
		condition_free(rules->conditions[i]);
	free(rules->conditions);
	free(rules->v);
	*rules = (struct access_rules){ .v = NULL };
}
