// SPDX-License-Identifier: GPL-2.0-only
#include "plan/clause.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "packet/service.h"
#include "plan/nets.h"
#include "plan/plan.h"
#include "plan/protos.h"
#include "plan/statement.h"
#include "plan/value.h"

#define CLAUSE_HINT_MAX 256

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

/* Records why no flow of a protocol can match. */
static int nets_fault(const struct words *w, const struct word *clause, const struct proto *proto,
		      bool one, const struct plan_nets *nets)
{
	bool none = !list_fits(nets, proto, AF_INET) && !list_fits(nets, proto, AF_INET6);

	if (none && one)
		return words_fault(w, clause, NULL, "the clause matches no address");
	if (none)
		return words_fault(w, clause, NULL, "the clause matches no address of %s",
				   proto->name);
	if (one)
		return words_fault(w, clause, "from and to must share an address family",
				   "no flow can match");
	return words_fault(w, clause, "from and to must share an address family",
			   "no flow of %s can match", proto->name);
}

static int parse_nets(struct plan_reader *r, const struct plan_protos *protos,
		      struct plan_line *line, struct plan_nets *nets)
{
	struct words *w = &r->words;
	const struct word clause = w->v[w->at - 1];
	const struct proto *proto;
	size_t i;

	if (plan_value_nets(w, protos, &r->plan->nets, nets))
		return -EINVAL;
	for (i = 0; i < protos->n; i++) {
		proto = protos->v[i].proto;
		if (!statement_line_fits(line, proto, AF_INET) &&
		    !statement_line_fits(line, proto, AF_INET6))
			return nets_fault(w, &clause, proto, protos->n == 1, nets);
	}
	return 0;
}

static int parse_level(struct plan_reader *r, const struct plan_protos *protos,
		       struct plan_line *line)
{
	(void)protos;
	return plan_value_level(&r->words, &line->label);
}

static int parse_from(struct plan_reader *r, const struct plan_protos *protos,
		      struct plan_line *line)
{
	return parse_nets(r, protos, line, &line->from);
}

static int parse_to(struct plan_reader *r, const struct plan_protos *protos, struct plan_line *line)
{
	return parse_nets(r, protos, line, &line->to);
}

static int parse_in(struct plan_reader *r, const struct plan_protos *protos, struct plan_line *line)
{
	(void)protos;
	return plan_value_iface(&r->words, line->in.name, &line->in.negated);
}

static int parse_out(struct plan_reader *r, const struct plan_protos *protos,
		     struct plan_line *line)
{
	(void)protos;
	return plan_value_iface(&r->words, line->out.name, &line->out.negated);
}

static int parse_on(struct plan_reader *r, const struct plan_protos *protos, struct plan_line *line)
{
	return (line->side == SIDE_SERVER ? parse_in : parse_out)(r, protos, line);
}

static int parse_only(struct plan_reader *r, const struct plan_protos *protos,
		      struct plan_line *line)
{
	(void)protos;
	return plan_value_domains(&r->words, &line->only);
}

static int parse_allow(struct plan_reader *r, const struct plan_protos *protos,
		       struct plan_line *line)
{
	(void)protos;
	return plan_value_domains(&r->words, &line->allow);
}

#define AT(side) (1u << (side))
#define ALL (AT(SIDE_SERVER) | AT(SIDE_CLIENT) | AT(SIDE_FORWARD))

/* The clauses of a line, in any order */
static const struct clause {
	const char *name;
	unsigned int sides; /* the sides whose lines can have it */
	bool of_default;    /* "default" can have it, too */
	int (*parse)(struct plan_reader *r, const struct plan_protos *protos,
		     struct plan_line *line);
} clauses[] = {
	{ "level", ALL, true, parse_level },
	{ "from", ALL, false, parse_from },
	{ "to", ALL, false, parse_to },
	{ "on", AT(SIDE_SERVER) | AT(SIDE_CLIENT), false, parse_on },
	{ "in", AT(SIDE_FORWARD), false, parse_in },
	{ "out", AT(SIDE_FORWARD), false, parse_out },
	{ "only", ALL, true, parse_only },
	{ "allow", ALL, true, parse_allow },
};

#define CLAUSES (sizeof(clauses) / sizeof(clauses[0]))

static bool may_have(const struct plan_line *line, const struct clause *clause)
{
	return clause->sides & AT(line->side) && (clause->of_default || !line->is_default);
}

static const struct clause *find_clause(const char *text)
{
	size_t i;

	for (i = 0; i < CLAUSES; i++)
		if (!strcmp(clauses[i].name, text))
			return &clauses[i];
	return NULL;
}

bool plan_is_clause(const char *text)
{
	return find_clause(text);
}

/* Records why a word cannot begin a clause of this line. */
static int clause_fault(struct plan_reader *r, const struct word *word,
			const struct plan_protos *protos, const struct plan_line *line)
{
	const struct clause *clause = find_clause(word->text);
	const struct proto *portless;
	const char *names[CLAUSES + 1] = { NULL };
	struct words *w = &r->words;
	char hint[CLAUSE_HINT_MAX];
	size_t i, n = 0;

	if (clause && line->is_default)
		return words_fault(w, word, "a default matches all other flows",
				   "a default cannot have this clause");
	if (clause)
		return words_fault(w, word, line->side == SIDE_FORWARD ? "use in or out" : "use on",
				   "a %s line cannot have this clause", plan_side_name(line->side));
	portless = plan_protos_first(protos, false);
	if (portless && (strchr("!0123456789", word->text[0]) ||
			 service_port(&r->services, word->text, NULL) >= 0))
		return words_fault(w, word, NULL, "%s has no ports", portless->name);
	for (i = 0; i < CLAUSES; i++)
		if (clauses[i].sides & AT(line->side))
			names[n++] = clauses[i].name;
	plan_suggest(hint, sizeof(hint), word->text, names);
	return words_fault(w, word, hint, "unknown word");
}

int plan_clauses(struct plan_reader *r, const struct plan_protos *protos, struct plan_line *line)
{
	const struct clause *clause;
	const struct word *word;
	unsigned int given = 0;

	while ((word = words_peek(&r->words))) {
		clause = find_clause(word->text);
		if (!clause && line->is_default)
			return words_end(&r->words);
		if (!clause || !may_have(line, clause))
			return clause_fault(r, word, protos, line);
		if (given & 1u << (clause - clauses))
			return words_fault(&r->words, word, NULL, "given twice");
		given |= 1u << (clause - clauses);
		r->words.at++;
		if (clause->parse(r, protos, line))
			return -EINVAL;
	}
	return 0;
}

/* Networks of a family that the protocol lacks come from lists with names, or from a line with
 * several protocols. */
static void drop_other_family(struct plan_nets *nets, int family)
{
	size_t i, kept = 0;

	for (i = 0; i < nets->n; i++)
		if (family == AF_UNSPEC || nets->v[i].family == family)
			nets->v[kept++] = nets->v[i];
	nets->n = kept;
}

static void clause_drop_all(struct plan_nets *nets, const struct proto *proto)
{
	bool v4 = proto->family == AF_INET6, v6 = proto->family == AF_INET;
	size_t i;

	drop_other_family(nets, proto->family);
	for (i = 0; i < nets->n && !nets->negated; i++) {
		v4 = v4 || (nets->v[i].family == AF_INET && !nets->v[i].len);
		v6 = v6 || (nets->v[i].family == AF_INET6 && !nets->v[i].len);
	}
	if (nets->n && (!v4 || !v6))
		return;
	free(nets->v);
	*nets = (struct plan_nets){ 0 };
}

void plan_clauses_drop_all(struct plan_line *line, const struct proto *proto)
{
	clause_drop_all(&line->from, proto);
	clause_drop_all(&line->to, proto);
}
