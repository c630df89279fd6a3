// SPDX-License-Identifier: GPL-2.0-only
#include "plan/statement.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/application.h"
#include "plan/clause.h"
#include "plan/nets.h"
#include "plan/protos.h"
#include "plan/value.h"
#include "util/alloc.h"

#define HINT_MAX 256

/* Remembers the place of a statement that may be given once. A second one is an error. */
static int stands_once(struct plan_reader *r, struct pos *seen, const struct word *word)
{
	char hint[HINT_MAX];

	if (!seen->line) {
		*seen = words_pos(&r->words, word);
		return 0;
	}
	snprintf(hint, sizeof(hint), "the first is at %s:%u", seen->file, seen->line);
	return words_fault(&r->words, word, hint, "given twice");
}

/* Reads a word that must be one of the names. Returns its index, or -EINVAL. */
static int choose_word(struct words *w, const char *const *names)
{
	const struct word *word;
	char hint[HINT_MAX];
	int i;

	plan_suggest(hint, sizeof(hint), "", names);
	word = words_take(w, "the next word", hint);
	if (!word)
		return -EINVAL;
	for (i = 0; names[i]; i++)
		if (!strcmp(word->text, names[i]))
			return i;
	plan_suggest(hint, sizeof(hint), word->text, names);
	return words_fault(w, word, hint, "unknown word");
}

/* Reads a statement of two words that may be given once. Returns the index of the second word, or
 * -EINVAL. */
static int choose_once(struct plan_reader *r, struct pos *seen, const char *const *names)
{
	int value = choose_word(&r->words, names);

	if (value < 0 || words_end(&r->words) || stands_once(r, seen, &r->words.v[0]))
		return -EINVAL;
	return value;
}

static int parse_table(struct plan_reader *r)
{
	static const char *const names[] = {
		[PLAN_SECURITY] = "security", [PLAN_MANGLE] = "mangle", NULL
	};
	int value = choose_once(r, &r->table, names);

	if (value < 0)
		return value;
	r->plan->table = value;
	return 0;
}

static int parse_unlabeled(struct plan_reader *r)
{
	static const char *const names[] = { [PLAN_UNLABELED_ALLOW - 1] = "allow",
					     [PLAN_UNLABELED_AUDIT - 1] = "audit",
					     [PLAN_UNLABELED_DENY - 1] = "deny",
					     NULL };
	int value = choose_once(r, &r->unlabeled, names);

	if (value < 0)
		return value;
	r->plan->unlabeled = value + 1;
	r->plan->unlabeled_pos = r->unlabeled;
	return 0;
}

static int parse_loopback(struct plan_reader *r)
{
	static const char *const names[] = { "no", NULL };

	if (choose_once(r, &r->loopback, names) < 0)
		return -EINVAL;
	r->plan->loopback = false;
	return 0;
}

static int parse_type(struct plan_reader *r)
{
	struct plan *plan = r->plan;
	struct plan_label label = { 0 };

	if (plan_value_label(&r->words, false, &label))
		return -EINVAL;
	if (words_end(&r->words)) {
		plan_label_free(&label);
		return -EINVAL;
	}
	plan->types = alloc_one_more(plan->types, plan->n_types, sizeof(*plan->types));
	plan->types[plan->n_types++] = label;
	return 0;
}

static int parse_trust(struct plan_reader *r)
{
	struct plan *plan = r->plan;
	char name[IFNAMSIZ];

	do {
		if (plan_value_iface(&r->words, name, NULL))
			return -EINVAL;
		/* plan_read() removes repeated ones at the end */
		plan->trusted = alloc_one_more(plan->trusted, plan->n_trusted,
					       sizeof(*plan->trusted));
		strcpy(plan->trusted[plan->n_trusted++], name);
	} while (words_peek(&r->words));
	return 0;
}

static int parse_include(struct plan_reader *r)
{
	const struct word *file = words_take(&r->words, "the file", NULL);

	if (!file || words_end(&r->words))
		return -EINVAL;
	return r->include(r, file);
}

static int parse_net(struct plan_reader *r)
{
	return plan_value_net_list(&r->words, &r->plan->nets);
}

/* Reads the words after "default": SIDE LABEL {level LEVEL|only DOMAIN...|allow DOMAIN...} */
static int parse_default(struct plan_reader *r, struct plan_line *line)
{
	const char *names[SIDES + 1] = { NULL };
	struct words *w = &r->words;
	int side;

	for (side = 0; side < SIDES; side++)
		names[side] = plan_side_name(side);
	side = choose_word(w, names);
	if (side < 0 || plan_value_label(w, true, &line->label))
		return -EINVAL;
	line->side = side;
	line->is_default = true;
	if (plan_clauses(r, NULL, line))
		return -EINVAL;
	/* one default for each side; errors point at the side */
	return stands_once(r, &r->defaults[side], &w->v[1]);
}

static struct plan_line begin_line(const struct plan_reader *r, enum side side)
{
	return (struct plan_line){
		.side = side, .pos = r->words.pos, .text = words_join(&r->words), .parts = 1
	};
}

static void statement_add_line(struct plan *plan, const struct plan_line *line)
{
	plan->lines = alloc_one_more(plan->lines, plan->n_lines, sizeof(*plan->lines));
	plan->lines[plan->n_lines++] = *line;
}

static int parse_line(struct plan_reader *r, struct plan_line *line, struct plan_protos *protos)
{
	struct words *w = &r->words;
	const struct word *word;

	if (plan_value_label(w, true, &line->label) || plan_value_protos(w, &r->services, protos))
		return -EINVAL;
	word = words_peek(w);
	if (word && plan_protos_first(protos, true) && !plan_is_clause(word->text) &&
	    plan_value_ports(w, &r->services, protos))
		return -EINVAL;
	if (plan_clauses(r, protos, line))
		return -EINVAL;
	r->plan->nets.copied += (protos->n - 1) * (line->from.n + line->to.n);
	if (r->plan->nets.copied > PLAN_NETS_MAX)
		return words_fault(w, &w->v[0], NULL, "the plan has too many networks");
	return 0;
}

/* Adds a line once for each of its protocols. */
static int add_lines(struct plan_reader *r, enum side side)
{
	struct plan_line line = begin_line(r, side), part;
	struct plan_protos protos = { 0 };
	int ret = parse_line(r, &line, &protos);
	size_t i;

	for (i = 0; i < protos.n && !ret; i++) {
		plan_line_copy(&part, &line);
		part.part = i;
		part.parts = protos.n;
		part.proto = protos.v[i].proto->number;
		part.ports = protos.v[i].ports;
		protos.v[i].ports = (struct ports){ 0 };
		plan_clauses_drop_all(&part, protos.v[i].proto);
		statement_add_line(r->plan, &part);
	}
	plan_line_free(&line);
	plan_protos_free(&protos);
	return ret;
}

static int parse_server(struct plan_reader *r)
{
	return add_lines(r, SIDE_SERVER);
}

static int parse_client(struct plan_reader *r)
{
	return add_lines(r, SIDE_CLIENT);
}

static int parse_forward(struct plan_reader *r)
{
	return add_lines(r, SIDE_FORWARD);
}

static int parse_defaults(struct plan_reader *r)
{
	struct plan_line line = begin_line(r, SIDE_SERVER);

	if (parse_default(r, &line)) {
		plan_line_free(&line);
		return -EINVAL;
	}
	statement_add_line(r->plan, &line);
	return 0;
}

static const struct statement {
	const char *name;
	int (*parse)(struct plan_reader *r);
} statements[] = {
	{ "table", parse_table },
	{ "type", parse_type },
	{ "server", parse_server },
	{ "client", parse_client },
	{ "forward", parse_forward },
	{ "default", parse_defaults },
	{ "unlabeled", parse_unlabeled },
	{ "loopback", parse_loopback },
	{ "trust", parse_trust },
	{ "include", parse_include },
	{ "net", parse_net },
	{ "application", plan_application_parse },
};

#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

int plan_statement(struct plan_reader *r)
{
	const struct word *word = &r->words.v[r->words.at++];
	const char *names[STATEMENTS + 1] = { NULL };
	size_t before = r->words.diag->n, i;
	char hint[HINT_MAX], lower[16];

	for (i = 0; i < STATEMENTS; i++) {
		names[i] = statements[i].name;
		if (strcmp(word->text, names[i]))
			continue;
		if (statements[i].parse(r) == 0)
			return 0;
		/* without the error, the warnings of this line might be different */
		diag_drop_warnings(r->words.diag, before);
		return -EINVAL;
	}
	plan_to_lower(lower, sizeof(lower), word->text);
	if (plan_is_clause(lower))
		return words_fault(&r->words, word,
				   "write it at the end of a server, client or forward line",
				   "this is a clause and cannot begin a line");
	plan_suggest(hint, sizeof(hint), word->text, names);
	return words_fault(&r->words, word, hint, "unknown statement");
}
