// SPDX-License-Identifier: GPL-2.0-only
#include "plan/statement.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	static const char *const names[] = { [PLAN_UNLABELED_ALLOW] = "allow",
					     [PLAN_UNLABELED_AUDIT] = "audit",
					     [PLAN_UNLABELED_DENY] = "deny",
					     NULL };
	int value = choose_once(r, &r->unlabeled, names);

	if (value < 0)
		return value;
	r->plan->unlabeled = value;
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

/* Does the list match any address of a family? */
static bool nets_have_family(const struct plan_nets *nets, int family)
{
	bool some = false, all = false;
	size_t i;

	for (i = 0; i < nets->n; i++) {
		if (nets->v[i].family != family)
			continue;
		some = true;
		all = all || nets->v[i].len == 0;
	}
	if (nets->negated)
		return !all;
	return some || !nets->n;
}

static bool list_fits(const struct plan_nets *nets, const struct proto *proto, int family)
{
	return (proto->family == AF_UNSPEC || proto->family == family) &&
	       nets_have_family(nets, family);
}

static bool statement_line_fits(const struct plan_line *line, const struct proto *proto, int family)
{
	return list_fits(&line->from, proto, family) && list_fits(&line->to, proto, family);
}

static int parse_nets(struct words *w, const struct proto *proto, struct plan_line *line,
		      struct plan_nets *nets)
{
	const struct word clause = w->v[w->at - 1];
	int ret = plan_value_nets(w, proto, nets);

	if (ret || statement_line_fits(line, proto, AF_INET) ||
	    statement_line_fits(line, proto, AF_INET6))
		return ret;
	if (!list_fits(nets, proto, AF_INET) && !list_fits(nets, proto, AF_INET6))
		return words_fault(w, &clause, NULL, "the clause matches no address");
	return words_fault(w, &clause, "from and to must share an address family",
			   "no flow can match");
}

static int parse_level(struct words *w, const struct proto *proto, struct plan_line *line)
{
	(void)proto;
	return plan_value_level(w, &line->label);
}

static int parse_from(struct words *w, const struct proto *proto, struct plan_line *line)
{
	return parse_nets(w, proto, line, &line->from);
}

static int parse_to(struct words *w, const struct proto *proto, struct plan_line *line)
{
	return parse_nets(w, proto, line, &line->to);
}

static int parse_in(struct words *w, const struct proto *proto, struct plan_line *line)
{
	(void)proto;
	return plan_value_iface(w, line->in.name, &line->in.negated);
}

static int parse_out(struct words *w, const struct proto *proto, struct plan_line *line)
{
	(void)proto;
	return plan_value_iface(w, line->out.name, &line->out.negated);
}

static int parse_on(struct words *w, const struct proto *proto, struct plan_line *line)
{
	return line->side == SIDE_SERVER ? parse_in(w, proto, line) : parse_out(w, proto, line);
}

static int parse_only(struct words *w, const struct proto *proto, struct plan_line *line)
{
	(void)proto;
	return plan_value_domains(w, &line->only);
}

static int parse_allow(struct words *w, const struct proto *proto, struct plan_line *line)
{
	(void)proto;
	return plan_value_domains(w, &line->allow);
}

#define AT(side) (1u << (side))
#define ALL (AT(SIDE_SERVER) | AT(SIDE_CLIENT) | AT(SIDE_FORWARD))

/* The clauses of a line, in any order */
static const struct clause {
	const char *name;
	unsigned int sides; /* the sides whose lines can have it */
	int (*parse)(struct words *w, const struct proto *proto, struct plan_line *line);
} clauses[] = {
	{ "level", ALL, parse_level },
	{ "from", ALL, parse_from },
	{ "to", ALL, parse_to },
	{ "on", AT(SIDE_SERVER) | AT(SIDE_CLIENT), parse_on },
	{ "in", AT(SIDE_FORWARD), parse_in },
	{ "out", AT(SIDE_FORWARD), parse_out },
	{ "only", ALL, parse_only },
	{ "allow", ALL, parse_allow },
};

#define CLAUSES (sizeof(clauses) / sizeof(clauses[0]))

static const struct clause *find_clause(const char *text)
{
	size_t i;

	for (i = 0; i < CLAUSES; i++)
		if (!strcmp(clauses[i].name, text))
			return &clauses[i];
	return NULL;
}

/* Records why a word cannot begin a clause of this line. */
static int clause_fault(const struct words *w, const struct word *word, const struct proto *proto,
			enum side side)
{
	const struct clause *clause = find_clause(word->text);
	const char *names[CLAUSES + 1] = { NULL };
	char hint[HINT_MAX];
	size_t i, n = 0;

	if (clause)
		return words_fault(w, word, side == SIDE_FORWARD ? "use in or out" : "use on",
				   "a %s line cannot have this clause", plan_side_name(side));
	if (!proto->has_ports && (strchr("!0123456789", word->text[0])))
		return words_fault(w, word, NULL, "%s has no ports", proto->name);
	for (i = 0; i < CLAUSES; i++)
		if (clauses[i].sides & AT(side))
			names[n++] = clauses[i].name;
	plan_suggest(hint, sizeof(hint), word->text, names);
	return words_fault(w, word, hint, "unknown word");
}

static int parse_clauses(struct words *w, const struct proto *proto, struct plan_line *line)
{
	const struct clause *clause;
	const struct word *word;
	unsigned int given = 0;

	while ((word = words_peek(w))) {
		clause = find_clause(word->text);
		if (!clause || !(clause->sides & AT(line->side)))
			return clause_fault(w, word, proto, line->side);
		if (given & 1u << (clause - clauses))
			return words_fault(w, word, NULL, "given twice");
		given |= 1u << (clause - clauses);
		w->at++;
		if (clause->parse(w, proto, line))
			return -EINVAL;
	}
	return 0;
}

/* Removes a list that matches all addresses of the protocol: it means the same as no list. */
static void drop_all(struct plan_nets *nets, const struct proto *proto)
{
	bool v4 = proto->family == AF_INET6, v6 = proto->family == AF_INET;
	size_t i;

	for (i = 0; i < nets->n && !nets->negated; i++) {
		v4 = v4 || (nets->v[i].family == AF_INET && !nets->v[i].len);
		v6 = v6 || (nets->v[i].family == AF_INET6 && !nets->v[i].len);
	}
	if (!v4 || !v6)
		return;
	free(nets->v);
	*nets = (struct plan_nets){ 0 };
}

static int parse_line(struct plan_reader *r, struct plan_line *line)
{
	struct words *w = &r->words;
	const struct proto *proto;
	const struct word *word;

	if (plan_value_label(w, true, &line->label) || plan_value_proto(w, &proto))
		return -EINVAL;
	line->proto = proto->number;
	word = words_peek(w);
	if (word && proto->has_ports && !find_clause(word->text) &&
	    plan_value_ports(w, proto, &r->services, &line->ports))
		return -EINVAL;
	if (parse_clauses(w, proto, line))
		return -EINVAL;
	drop_all(&line->from, proto);
	drop_all(&line->to, proto);
	return 0;
}

/* Reads the words after "default": SIDE LABEL [level LEVEL] */
static int parse_default(struct plan_reader *r, struct plan_line *line)
{
	const char *names[SIDES + 1] = { NULL };
	struct words *w = &r->words;
	const struct word *word;
	int side;

	for (side = 0; side < SIDES; side++)
		names[side] = plan_side_name(side);
	side = choose_word(w, names);
	if (side < 0 || plan_value_label(w, true, &line->label))
		return -EINVAL;
	line->side = side;
	line->is_default = true;
	word = words_peek(w);
	if (word && !strcmp(word->text, "level")) {
		w->at++;
		if (plan_value_level(w, &line->label))
			return -EINVAL;
	}
	if (words_end(w))
		return -EINVAL;
	/* one default for each side; errors point at the side */
	return stands_once(r, &r->defaults[side], &w->v[1]);
}

static int statement_add_line(struct plan_reader *r, enum side side,
			      int (*parse)(struct plan_reader *r, struct plan_line *line))
{
	struct plan_line line = { .side = side,
				  .pos = r->words.pos,
				  .text = words_join(&r->words) };
	struct plan *plan = r->plan;

	if (parse(r, &line)) {
		plan_line_free(&line);
		return -EINVAL;
	}
	plan->lines = alloc_one_more(plan->lines, plan->n_lines, sizeof(*plan->lines));
	plan->lines[plan->n_lines++] = line;
	return 0;
}

static int parse_server(struct plan_reader *r)
{
	return statement_add_line(r, SIDE_SERVER, parse_line);
}

static int parse_client(struct plan_reader *r)
{
	return statement_add_line(r, SIDE_CLIENT, parse_line);
}

static int parse_forward(struct plan_reader *r)
{
	return statement_add_line(r, SIDE_FORWARD, parse_line);
}

static int parse_defaults(struct plan_reader *r)
{
	return statement_add_line(r, SIDE_SERVER, parse_default);
}

static const struct statement {
	const char *name;
	int (*parse)(struct plan_reader *r);
} statements[] = {
	{ "table", parse_table },         { "type", parse_type },
	{ "server", parse_server },       { "client", parse_client },
	{ "forward", parse_forward },     { "default", parse_defaults },
	{ "unlabeled", parse_unlabeled }, { "loopback", parse_loopback },
	{ "trust", parse_trust },         { "include", parse_include },
};

#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

int plan_statement(struct plan_reader *r)
{
	const struct word *word = &r->words.v[r->words.at++];
	const char *names[STATEMENTS + 1] = { NULL };
	size_t before = r->words.diag->n, i;
	char hint[HINT_MAX];

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
	plan_suggest(hint, sizeof(hint), word->text, names);
	return words_fault(&r->words, word, hint, "unknown statement");
}
