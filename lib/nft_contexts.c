// SPDX-License-Identifier: GPL-2.0-only
#include "nft_contexts.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "alloc.h"

#define BLANKS " \t\r\n"

struct reader {
	const struct nft_contexts_ops *ops;
	void *arg;
	struct diag *diag;
	struct pos pos;		/* of what comes next */
	const char *at, *end;
};

enum kind {
	END, WORD, STRING, MARK,	/* MARK: one of {};=, or the end of a line */
};

struct token {
	enum kind kind;
	struct pos pos;
	const char *text;
	size_t len;
};

static void step(struct reader *r, size_t n)
{
	for (; n; n--) {
		r->pos.col++;
		if (*r->at++ == '\n') {
			r->pos.line++;
			r->pos.col = 1;
		}
	}
}

static size_t span_until(const struct reader *r, const char *stop)
{
	const char *p = r->at;

	while (p < r->end && !(*p && strchr(stop, *p)))
		p++;
	return p - r->at;
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->end) {
		if (*r->at == '#')
			step(r, span_until(r, "\n"));
		else if (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || !*r->at)
			step(r, 1);
		else if (*r->at == '\\' && r->at + 1 < r->end && r->at[1] == '\n')
			step(r, 2);
		else
			break;
	}
}

static struct token next(struct reader *r)
{
	struct token t = { .kind = END };

	skip_blanks(r);
	t.pos = r->pos;
	t.text = r->at;
	if (r->at == r->end)
		return t;
	if (*r->at == '"') {
		/* nft knows no escapes within a string (src/scanner.l, quotedstring) */
		step(r, 1);
		t = (struct token){ STRING, r->pos, r->at, span_until(r, "\"\n") };
		step(r, t.len);
		if (r->at < r->end && *r->at == '"')
			step(r, 1);
		return t;
	}
	t.len = span_until(r, BLANKS "{};=,\"#");
	t.kind = t.len ? WORD : MARK;
	t.len = t.len ? t.len : 1;
	step(r, t.len);
	return t;
}

static bool is(const struct token *t, const char *text)
{
	return t->kind != STRING && t->kind != END && t->len == strlen(text) && !memcmp(t->text, text, t->len);
}

static void tell(struct reader *r, const struct token *t,
		 void (*fn)(void *arg, struct pos pos, const char *text))
{
	char *text = alloc_text(t->text, t->len);

	fn(r->arg, t->pos, text);
	free(text);
}

/* "NAME { "CONTEXT" }", and before the name the family and the table where it is a command. */
static struct token read_object(struct reader *r)
{
	struct token t = next(r), before = t;
	bool block = false;

	for (; t.kind != END; before = t, t = next(r)) {
		if (is(&t, "}") || (!block && (is(&t, ";") || is(&t, "\n"))))
			break;
		if (is(&t, "{"))
			block = true;
		else if (t.kind == STRING && !is(&before, "comment")) {
			tell(r, &t, r->ops->context);
			break;
		}
	}
	return t;
}

static int read_text(struct reader *r)
{
	struct token t = next(r), before = { .kind = MARK, .text = "\n", .len = 1 }, last = before;

	for (; t.kind != END; last = before, before = t, t = next(r)) {
		/* not the packet's and the connection's label, nor a map's type */
		if (is(&t, "secmark") && (before.kind == MARK || is(&before, "add") || is(&before, "create")) &&
		    !is(&before, "="))
			t = read_object(r);
		else if (is(&before, "target") && is(&last, "xt"))
			tell(r, &t, r->ops->target);
	}
	return 0;
}

/* jansson does not tell where a value stood; the values come in the order of the text. */
static struct pos find(struct reader *r, const char *value)
{
	size_t len = strlen(value);
	struct pos pos = { .file = r->pos.file };
	const char *p = r->at;

	while (len && (p = memmem(p, r->end - p, value, len))) {
		if (p[-1] == '"' && p + len < r->end && p[len] == '"') {
			step(r, p - r->at);
			pos = r->pos;
			step(r, len);
			return pos;
		}
		p += len;
	}
	return pos;
}

static void read_json_rule(struct reader *r, const json_t *rule)
{
	const char *type, *name;
	const json_t *list = json_object_get(rule, "expr"), *xt;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		xt = json_object_get(json_array_get(list, i), "xt");
		type = json_string_value(json_object_get(xt, "type"));
		name = json_string_value(json_object_get(xt, "name"));
		if (type && name && strcmp(type, "target") == 0)
			r->ops->target(r->arg, find(r, name), name);
	}
}

static void read_json_object(struct reader *r, json_t *object)
{
	static const char *const verbs[] = { "add", "create", "insert", "replace" };
	const char *context;
	json_t *inner;
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		inner = json_object_get(object, verbs[i]);
		object = inner ? inner : object;
	}
	context = json_string_value(json_object_get(json_object_get(object, "secmark"), "context"));
	if (context)
		r->ops->context(r->arg, find(r, context), context);
	read_json_rule(r, json_object_get(object, "rule"));
}

static int read_json(struct reader *r)
{
	json_error_t error;
	json_t *root, *list;
	size_t i;
	int ret;

	root = json_loadb(r->at, r->end - r->at, 0, &error);
	if (!root) {
		struct pos pos = { r->pos.file, error.line > 0 ? error.line : 0, error.column > 0 ? error.column : 0 };

		diag_add(r->diag, DIAG_ERROR, pos, NULL, NULL, "not JSON: %s", error.text);
		return -EINVAL;
	}
	list = json_object_get(root, "nftables");
	if (!json_is_array(list))
		diag_add(r->diag, DIAG_ERROR, (struct pos){ .file = r->pos.file }, NULL,
			 "expected {\"nftables\": [...]}", "not a ruleset of nft");
	for (i = 0; i < json_array_size(list); i++)
		read_json_object(r, json_array_get(list, i));
	ret = json_is_array(list) ? 0 : -EINVAL;
	json_decref(root);
	return ret;
}

int nft_contexts_read(const char *file, const char *text, size_t len, const struct nft_contexts_ops *ops,
		    void *arg, struct diag *diag)
{
	struct reader r = {
		.ops = ops, .arg = arg, .diag = diag, .pos = { file, 1, 1 }, .at = text, .end = text + len,
	};
	size_t blanks = 0;

	while (blanks < len && strchr(BLANKS, text[blanks]) && text[blanks])
		blanks++;
	return blanks < len && text[blanks] == '{' ? read_json(&r) : read_text(&r);
}
