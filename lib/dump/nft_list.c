// SPDX-License-Identifier: GPL-2.0-only
#include "dump/nft_list.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "util/alloc.h"

#define BLANKS " \t\r\n"

struct reader {
	const struct nft_list_ops *ops;
	void *arg;
	struct diag *diag;
	struct pos pos; /* of the next token */
	const char *at, *end;
	unsigned int depth;  /* of braces */
	bool faulty;         /* it is on record that this is not a ruleset */
	unsigned int missed; /* JSON values whose place was not found */
};

enum kind {
	END,
	WORD,
	STRING,
	MARK, /* MARK: one of {};=, or the end of a line */
};

struct token {
	enum kind kind;
	struct pos pos;
	const char *text;
	size_t len;
};

static void skip_bytes(struct reader *r, size_t n)
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
			skip_bytes(r, span_until(r, "\n"));
		else if (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || !*r->at)
			skip_bytes(r, 1);
		else if (*r->at == '\\' && r->at + 1 < r->end && r->at[1] == '\n')
			skip_bytes(r, 2);
		else
			break;
	}
}

static struct token next_token(struct reader *r)
{
	struct token t = { .kind = END };

	skip_blanks(r);
	t.pos = r->pos;
	t.text = r->at;
	if (r->at == r->end)
		return t;
	if (*r->at == '"') {
		/* strings of nft have no escapes (src/scanner.l, quotedstring) */
		skip_bytes(r, 1);
		t = (struct token){ STRING, r->pos, r->at, span_until(r, "\"\n") };
		skip_bytes(r, t.len);
		if (r->at < r->end && *r->at == '"')
			skip_bytes(r, 1);
		return t;
	}
	t.len = span_until(r, BLANKS "{};=,\"#");
	t.kind = t.len ? WORD : MARK;
	t.len = t.len ? t.len : 1;
	skip_bytes(r, t.len);
	if (t.kind == MARK && *t.text == '{')
		r->depth++;
	else if (t.kind == MARK && *t.text == '}' && r->depth)
		r->depth--;
	return t;
}

static bool token_is(const struct token *t, const char *text)
{
	return t->kind != STRING && t->kind != END && t->len == strlen(text) &&
	       !memcmp(t->text, text, t->len);
}

static void tell_token(struct reader *r, const struct token *t,
		       void (*fn)(void *arg, struct pos pos, const char *text))
{
	char *text = alloc_text(t->text, t->len);

	fn(r->arg, t->pos, text);
	free(text);
}

/* Records an error or a warning about a token. */
static void remark_token(struct reader *r, enum diag_severity severity, const struct token *t,
			 const char *hint, const char *what)
{
	char *text = alloc_text(t->text, t->kind == END || token_is(t, "\n") ? 0 : t->len);

	diag_add(r->diag, severity, t->pos, *text ? text : NULL, hint, "%s", what);
	free(text);
}

/* Reads "NAME { "CONTEXT" }". In a command, family and table come before the name. */
static struct token read_object(struct reader *r)
{
	struct token t = next_token(r), before = t, about = t;
	unsigned int outside = r->depth - (token_is(&t, "{") ? 1 : 0);

	for (; t.kind != END; before = t, t = next_token(r)) {
		if (token_is(&t, "}") ||
		    (r->depth <= outside && (token_is(&t, ";") || token_is(&t, "\n"))))
			break;
		if (t.kind == STRING && !token_is(&before, "comment")) {
			tell_token(r, &t, r->ops->context);
			return t;
		}
		if (t.kind == WORD && *t.text == '$')
			about = t;
	}
	remark_token(r, DIAG_WARNING, &about, "variables are not expanded",
		     "this context cannot be checked");
	return t;
}

/* Can a statement of nft begin with this word (src/parser_bison.y, base_cmd)? A family begins a
 * statement without its "add rule". */
static bool begins_statement(const struct token *t)
{
	static const char *const words[] = {
		"add",     "create",   "insert",  "replace",   "delete",   "destroy",  "flush",
		"list",    "reset",    "rename",  "get",       "table",    "chain",    "rule",
		"set",     "map",      "element", "flowtable", "counter",  "quota",    "limit",
		"secmark", "synproxy", "ct",      "define",    "redefine", "undefine", "include",
		"import",  "export",   "monitor", "describe",  "ip",       "ip6",      "inet",
		"arp",     "bridge",   "netdev",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (token_is(t, words[i]))
			return true;
	return false;
}

static void begin_statement(struct reader *r, const struct token *t)
{
	struct token file;

	if (token_is(t, "\n") || token_is(t, ";"))
		return;
	if (token_is(t, "include")) {
		file = next_token(r);
		remark_token(r, DIAG_WARNING, &file, "check that file as well",
			     "the included file is not checked");
	} else if (!begins_statement(t) && !r->faulty) {
		remark_token(r, DIAG_ERROR, t,
			     "expected what nft list ruleset prints, or nft -f reads",
			     "not a statement of nft");
		r->faulty = true;
	}
}

static int nft_list_read_text(struct reader *r)
{
	struct token t = next_token(r), before = { .kind = MARK, .text = "\n", .len = 1 },
		     last = before;
	bool begins = true;

	for (; t.kind != END; last = before, before = t, t = next_token(r)) {
		if (begins)
			begin_statement(r, &t);
		/* it is neither "meta secmark", "ct secmark" nor the type of a map */
		if (token_is(&t, "secmark") &&
		    (before.kind == MARK || token_is(&before, "add") ||
		     token_is(&before, "create")) &&
		    !token_is(&before, "="))
			t = read_object(r);
		else if (token_is(&before, "target") && token_is(&last, "xt"))
			tell_token(r, &t, r->ops->target);
		begins = !r->depth &&
			 (token_is(&t, "\n") || token_is(&t, ";") || token_is(&t, "}"));
	}
	if (r->depth)
		remark_token(r, DIAG_ERROR, &t, NULL, "the text ends inside braces");
	return r->faulty || r->depth ? -EINVAL : 0;
}

/* A limit, because the rest of the text is searched for each value that is not found. */
#define MISSED_MAX 100

/* jansson does not tell the place of a value, but the values are in the order of the text. A value
 * with escapes is not found. */
static struct pos find_json_value(struct reader *r, const char *value)
{
	size_t len = strlen(value);
	struct pos pos = { .file = r->pos.file };
	const char *p = r->at;

	while (len && r->missed < MISSED_MAX && (p = memmem(p, r->end - p, value, len))) {
		if (p > r->at && p[-1] == '"' && p + len < r->end && p[len] == '"') {
			skip_bytes(r, p - r->at);
			pos = r->pos;
			skip_bytes(r, len);
			return pos;
		}
		p += len;
	}
	r->missed++;
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
		if (type && name && !strcmp(type, "target"))
			r->ops->target(r->arg, find_json_value(r, name), name);
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
		r->ops->context(r->arg, find_json_value(r, context), context);
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
		struct pos pos = { r->pos.file, error.line > 0 ? error.line : 0,
				   error.column > 0 ? error.column : 0 };

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

int nft_list_read(const char *file, const char *text, size_t len, const struct nft_list_ops *ops,
		  void *arg, struct diag *diag)
{
	struct reader r = {
		.ops = ops,
		.arg = arg,
		.diag = diag,
		.pos = { file, 1, 1 },
		.at = text,
		.end = text + len,
	};
	size_t blanks = 0;

	while (blanks < len && strchr(BLANKS, text[blanks]) && text[blanks])
		blanks++;
	return blanks < len && text[blanks] == '{' ? read_json(&r) : nft_list_read_text(&r);
}
