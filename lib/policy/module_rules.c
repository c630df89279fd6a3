// SPDX-License-Identifier: GPL-2.0-only
#include "policy/module_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/buffer.h"

/* A place in the text. */
struct cil_reader {
	const char *at;
	size_t depth;     /* open parentheses */
	size_t condition; /* the depth of a booleanif, or 0 */
	char *booleans;   /* its, or "" */
	size_t hidden;    /* the depth of the outermost block or macro, or 0 */
};

/* A parenthesis, or a word. */
struct cil_token {
	const char *text;
	size_t len; /* 0: the end of the text */
};

static int booleans_by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *module_rules_booleans(const char **names, size_t n)
{
	char *text;
	size_t len, i;
	FILE *out = buffer_open(&text, &len);

	if (n)
		qsort(names, n, sizeof(*names), booleans_by_name);
	for (i = 0; i < n; i++)
		if (!i || strcmp(names[i], names[i - 1]))
			fprintf(out, "%s%s", i ? " " : "", names[i]);
	buffer_close(out);
	return text;
}

static void cil_set_condition(struct cil_reader *r, size_t depth, const char **names, size_t n)
{
	free(r->booleans);
	r->condition = depth;
	r->booleans = module_rules_booleans(names, n);
}

static struct cil_token cil_next(struct cil_reader *r)
{
	struct cil_token t;

	for (;;) {
		r->at += strspn(r->at, " \t\r\n");
		if (*r->at != ';')
			break;
		r->at += strcspn(r->at, "\n");
	}
	t = (struct cil_token){ r->at, 0 };
	if (!*r->at)
		return t;
	if (*r->at == '(' || *r->at == ')')
		t.len = 1;
	else if (*r->at == '"')
		t.len = 1 + strcspn(r->at + 1, "\"\n");
	else
		t.len = strcspn(r->at, " \t\r\n();\"");
	r->at += t.len;
	if (*t.text == '"' && *r->at == '"') {
		t.len++;
		r->at++;
	}
	if (*t.text == '(') {
		r->depth++;
	} else if (*t.text == ')') {
		if (r->depth == r->condition)
			cil_set_condition(r, 0, NULL, 0);
		if (r->depth == r->hidden)
			r->hidden = 0;
		r->depth -= r->depth > 0;
	}
	return t;
}

static bool cil_is(const struct cil_token *t, const char *word)
{
	return t->len == strlen(word) && !strncmp(t->text, word, t->len);
}

static bool cil_is_name(const struct cil_token *t)
{
	return t->len && !strchr("()\"", *t->text);
}

static bool is_operator(const struct cil_token *t)
{
	static const char *const operators[] = { "and", "or", "xor", "not", "eq", "neq" };
	size_t i;

	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (cil_is(t, operators[i]))
			return true;
	return false;
}

/* Reads the expression behind "(booleanif", up to "(true" or "(false". */
static void cil_read_condition(struct cil_reader *r)
{
	size_t depth = r->depth, n = 0, i;
	char **names = NULL;
	struct cil_token t;

	while ((t = cil_next(r)).len && r->depth >= depth && !cil_is(&t, "true") &&
	       !cil_is(&t, "false")) {
		if (!cil_is_name(&t) || is_operator(&t))
			continue;
		names = alloc_one_more(names, n, sizeof(*names));
		names[n++] = alloc_text(t.text, t.len);
	}
	if (r->depth >= depth)
		cil_set_condition(r, depth, (const char **)names, n);
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

/* Reads "SOURCE TARGET (packet" behind "(allow", and adds the rule. */
static void read_allow(struct module_rules *rules, struct cil_reader *r, const char *module)
{
	struct cil_token source = cil_next(r), target, open, class;
	struct module_packet_rule *rule;

	if (!cil_is_name(&source))
		return;
	target = cil_next(r);
	if (!cil_is_name(&target))
		return;
	open = cil_next(r);
	if (!cil_is(&open, "("))
		return;
	class = cil_next(r);
	if (!cil_is(&class, "packet"))
		return;
	if (cil_is(&target, "self"))
		target = source;
	rules->v = alloc_one_more(rules->v, rules->n, sizeof(*rules->v));
	rule = &rules->v[rules->n++];
	*rule = (struct module_packet_rule){ .source = alloc_text(source.text, source.len),
					     .target = alloc_text(target.text, target.len),
					     .booleans = alloc_copy(r->booleans),
					     .module = module };
}

void module_rules_read(struct module_rules *rules, const char *module, const char *cil)
{
	struct cil_reader r = { .at = cil, .booleans = alloc_copy("") };
	struct cil_token t, word;
	char *name = alloc_text(module, strlen(module));

	rules->modules = alloc_one_more(rules->modules, rules->n_modules, sizeof(*rules->modules));
	rules->modules[rules->n_modules++] = name;
	while ((t = cil_next(&r)).len) {
		if (*t.text != '(')
			continue;
		/* of "((" the second one opens the next list */
		while ((word = cil_next(&r)).len && *word.text == '(')
			;
		if (r.hidden)
			continue;
		if (cil_is(&word, "block") || cil_is(&word, "macro") || cil_is(&word, "in"))
			r.hidden = r.depth;
		else if (cil_is(&word, "booleanif") && !r.condition)
			cil_read_condition(&r);
		else if (cil_is(&word, "allow"))
			read_allow(rules, &r, name);
	}
	free(r.booleans);
}

/* By what module_rules_find() looks for. */
static int compare_rule(const struct module_packet_rule *a, const char *source, const char *target,
			const char *booleans)
{
	int order = strcmp(a->source, source);

	if (!order)
		order = strcmp(a->target, target);
	return order ? order : strcmp(a->booleans, booleans);
}

static int module_rule_order(const void *x, const void *y)
{
	const struct module_packet_rule *a = x, *b = y;
	int order = compare_rule(a, b->source, b->target, b->booleans);

	return order ? order : strcmp(a->module, b->module);
}

static void free_rule(struct module_packet_rule *rule)
{
	free(rule->source);
	free(rule->target);
	free(rule->booleans);
}

void module_rules_sort(struct module_rules *rules)
{
	size_t i, kept = 0;

	if (!rules->n)
		return;
	qsort(rules->v, rules->n, sizeof(*rules->v), module_rule_order);
	for (i = 1; i < rules->n; i++) {
		if (module_rule_order(&rules->v[kept], &rules->v[i]))
			rules->v[++kept] = rules->v[i];
		else
			free_rule(&rules->v[i]);
	}
	rules->n = kept + 1;
}

const struct module_packet_rule *module_rules_find(const struct module_rules *rules,
						   const char *source, const char *target,
						   const char *booleans, size_t *n)
{
	size_t low = 0, high = rules->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_rule(&rules->v[middle], source, target, booleans) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (high = low; high < rules->n; high++)
		if (compare_rule(&rules->v[high], source, target, booleans))
			break;
	*n = high - low;
	return *n ? &rules->v[low] : NULL;
}

void module_rules_free(struct module_rules *rules)
{
	size_t i;

	for (i = 0; i < rules->n; i++)
		free_rule(&rules->v[i]);
	for (i = 0; i < rules->n_modules; i++)
		free(rules->modules[i]);
	free(rules->v);
	free(rules->modules);
	*rules = (struct module_rules){ 0 };
}
