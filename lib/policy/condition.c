// SPDX-License-Identifier: GPL-2.0-only
#include "policy/condition.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "selinux/sepol_conditional.h"
#include "util/alloc.h"
#include "util/buffer.h"

static const struct operator
{
	const char *cil, *te;
}
operators[COND_LAST + 1] = {
	[COND_NOT] = { "not", "!" }, [COND_OR] = { "or", "||" }, [COND_AND] = { "and", "&&" },
	[COND_XOR] = { "xor", "^" }, [COND_EQ] = { "eq", "==" }, [COND_NEQ] = { "neq", "!=" },
};

/* A part of the condition. */
struct operand {
	char *cil, *te;
};

static char *join(const char *a, const char *b, const char *c, const char *d, const char *e)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	fprintf(out, "%s%s%s%s%s", a, b, c, d, e);
	buffer_close(out);
	return text;
}

static void operand_free(struct operand *o)
{
	free(o->cil);
	free(o->te);
	*o = (struct operand){ NULL, NULL };
}

/* Puts the whole of an operator and its operands in the place of the first one. */
static void operand_apply(struct operand *a, struct operand *b, const struct operator* op)
{
	struct operand whole;

	if (b) {
		whole.cil = join(op->cil, " ", a->cil, " ", b->cil);
		whole.te = join(a->te, " ", op->te, " ", b->te);
		operand_free(b);
	} else {
		whole.cil = join(op->cil, " ", a->cil, "", "");
		whole.te = join(op->te, "", a->te, "", "");
	}
	operand_free(a);
	a->cil = join("(", whole.cil, ")", "", "");
	a->te = join("(", whole.te, ")", "", "");
	operand_free(&whole);
}

static int compare_booleans(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_condition_boolean(struct policy_condition *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->booleans[i] == name)
			return;
	c->booleans = alloc_one_more(c->booleans, c->n, sizeof(*c->booleans));
	c->booleans[c->n++] = name;
}

/* Reads an operand or an operator. Returns the new depth of the stack; 0: it is not a good one. */
static size_t condition_step(const struct policydb *p, const struct cond_expr *expr,
			     struct policy_condition *c, struct operand *stack, size_t depth)
{
	const char *name;

	if (expr->expr_type == COND_BOOL) {
		if (depth == COND_EXPR_MAXDEPTH || !expr->boolean ||
		    expr->boolean > p->p_bools.nprim)
			return 0;
		name = p->p_bool_val_to_name[expr->boolean - 1];
		add_condition_boolean(c, name);
		stack[depth] = (struct operand){ alloc_copy(name), alloc_copy(name) };
		return depth + 1;
	}
	if (expr->expr_type > COND_LAST || !operators[expr->expr_type].cil ||
	    depth < (expr->expr_type == COND_NOT ? 1 : 2))
		return 0;
	if (expr->expr_type == COND_NOT) {
		operand_apply(&stack[depth - 1], NULL, &operators[COND_NOT]);
		return depth;
	}
	operand_apply(&stack[depth - 2], &stack[depth - 1], &operators[expr->expr_type]);
	return depth - 1;
}

bool policy_condition_read(const struct policydb *p, const struct cond_expr *expr,
			   struct policy_condition *c)
{
	struct operand stack[COND_EXPR_MAXDEPTH] = { { NULL, NULL } };
	size_t depth = 0, i;
	bool good;

	*c = (struct policy_condition){ 0 };
	for (; expr; expr = expr->next) {
		depth = condition_step(p, expr, c, stack, depth);
		if (!depth)
			break;
	}
	good = depth == 1;
	if (good) {
		c->cil = *stack[0].cil == '(' ? alloc_copy(stack[0].cil) :
						join("(", stack[0].cil, ")", "", "");
		c->te = alloc_copy(stack[0].te);
		qsort(c->booleans, c->n, sizeof(*c->booleans), compare_booleans);
	}
	for (i = 0; i < COND_EXPR_MAXDEPTH; i++)
		operand_free(&stack[i]);
	return good;
}

void policy_condition_free(struct policy_condition *c)
{
	free(c->cil);
	free(c->te);
	free(c->booleans);
	*c = (struct policy_condition){ 0 };
}
