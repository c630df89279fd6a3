// SPDX-License-Identifier: GPL-2.0-only
#include "nft/line_chains.h"

#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "nft/match.h"
#include "nft/port_maps.h"
#include "plan/plan.h"
#include "util/alloc.h"

/* 1,000 sets take half a second to load, 4,000 take 5, 20,000 take minutes. */
#define SETS_MAX 1000
#define SETS_LIMIT 4000
/* 200,000 rules take 12 seconds to load. */
#define RULES_LIMIT 500000
/* Chains ask one by one for so many networks: more are a set all the same. */
#define SHORT_LIST 32

/* In how many ways a side is looked up, at most: see asks in ruleset.c. Each has its own rules. */
static size_t count_ways(const struct plan *plan, enum side side)
{
	if (side != SIDE_FORWARD)
		return !plan->loopback ? 2 : side == SIDE_SERVER ? 4 : 3;
	return plan_has_out(plan) ? 2 : 1;
}

static size_t count_sets(const struct plan_line *line, enum dispatch_family family, size_t shortest)
{
	return (nft_match_count(&line->from, family) >= shortest) +
	       (nft_match_count(&line->to, family) >= shortest);
}

static bool *line_mark(const struct nft_rules *r, const struct plan_line *line,
		       enum dispatch_family family)
{
	return &r->lines.marks[2 * (line - r->d->plan->lines) + family];
}

/* What a ruleset has, counted line by line */
struct count {
	size_t ways; /* of the side */
	size_t sets, rules;
	const struct plan_line *first_over; /* the line that exceeds a limit, or NULL */
};

static void count_line(struct nft_rules *r, const struct plan_line *line,
		       enum dispatch_family family, struct count *c)
{
	bool *counted = line_mark(r, line, family);
	size_t n = c->ways, nets;

	c->rules += n;
	if (!r->lines.on) {
		c->sets += n * count_sets(line, family, 2);
	} else if (!*counted) {
		nets = nft_match_count(&line->from, family) + nft_match_count(&line->to, family);
		c->sets += n * count_sets(line, family, SHORT_LIST + 1);
		c->rules += n * (nets < 2 * SHORT_LIST ? nets : 2 * SHORT_LIST);
	}
	*counted = true;
	if (!c->first_over && (c->sets > SETS_LIMIT || c->rules > RULES_LIMIT))
		c->first_over = line;
}

static void clear_marks(struct nft_rules *r)
{
	size_t i;

	for (i = 0; i < 2 * r->d->plan->n_lines; i++)
		r->lines.marks[i] = false;
}

static struct count count_all(struct nft_rules *r)
{
	const struct dispatch_decision *x;
	enum dispatch_family family;
	struct count c = { 0 };
	enum side side;
	size_t i, j;

	for (side = 0; side < SIDES; side++) {
		c.ways = count_ways(r->d->plan, side);
		for (family = 0; family < DISPATCH_FAMILIES; family++) {
			const struct dispatch_side *s = &r->d->side[side][family];

			for (i = 0; i < s->n_decisions; i++)
				for (x = &s->decisions[i], j = 0; j < x->n; j++)
					count_line(r, x->lines[j], family, &c);
		}
	}
	clear_marks(r);
	return c;
}

int nft_line_chains_start(struct nft_rules *r, size_t sets_max, struct err *err)
{
	struct count c;

	r->lines.marks = alloc_zeroed(2 * r->d->plan->n_lines + 1, sizeof(*r->lines.marks));
	r->lines.on = false;
	c = count_all(r);
	if (c.sets > (sets_max ? sets_max : SETS_MAX)) {
		r->lines.on = true;
		c = count_all(r);
	}
	if (!c.first_over)
		return 0;
	err_set(err, -E2BIG,
		"%s:%u: too many rules for nft: with this line they are more than %d, or have more "
		"than %d long lists",
		c.first_over->pos.file, c.first_over->pos.line, RULES_LIMIT, SETS_LIMIT);
	err_hint(err, "a line with from, to or on is repeated for each range of ports that others "
		      "cut out of its own");
	return -E2BIG;
}

/* Has a line a chain, which ends with its label? */
static bool has_chain(const struct nft_rules *r, const struct plan_line *line,
		      enum dispatch_family family)
{
	return r->lines.on && count_sets(line, family, 2);
}

static void line_chain_name(char name[64], const struct nft_rules *r, const struct nft_ask *ask,
			    const struct plan_line *line, enum dispatch_family family)
{
	snprintf(name, 64, "%s_line%u_%c", ask->name, (unsigned int)(line - r->d->plan->lines),
		 family == DISPATCH_IPV4 ? '4' : '6');
}

void nft_line_chains_rule(struct nft_rules *r, const struct nft_ask *ask,
			  const struct plan_line *line, enum dispatch_family family)
{
	char name[64];

	nft_match_ifaces(line, family, &ask->view, r->chains);
	if (has_chain(r, line, family)) {
		line_chain_name(name, r, ask, line, family);
		fprintf(r->chains, "jump %s\n", name);
		return;
	}
	nft_match_nets(&line->from, family, ask->view.reversed ? "daddr" : "saddr", r->chains);
	nft_match_nets(&line->to, family, ask->view.reversed ? "saddr" : "daddr", r->chains);
	nft_ask_label(r, ask, dispatch_label(r->d, line));
}

static void write_nets(struct nft_rules *r, const struct plan_nets *nets,
		       enum dispatch_family family, const char *field, const char *then)
{
	fputs("\t\t", r->chains);
	nft_match_nets(nets, family, field, r->chains);
	fprintf(r->chains, "%s\n", then);
}

/* A rule for each network of a short list, or one rule; each ends with @then. */
static void write_list(struct nft_rules *r, const struct plan_nets *nets,
		       enum dispatch_family family, const char *field, const char *then)
{
	struct plan_nets one = { .n = 1 }, all = *nets;
	size_t i;

	all.negated = false;
	if (nft_match_count(nets, family) > SHORT_LIST) {
		write_nets(r, &all, family, field, then);
		return;
	}
	for (i = 0; i < nets->n; i++) {
		one.v = &nets->v[i];
		if (nft_match_count(&one, family))
			write_nets(r, &one, family, field, then);
	}
}

/* Packets that do not fit return to the chain of the ports. */
static void write_line_chain(struct nft_rules *r, const struct nft_ask *ask,
			     const struct plan_line *line, enum dispatch_family family)
{
	const struct plan_nets *lists[2] = { &line->from, &line->to };
	const char *fields[2] = { ask->view.reversed ? "daddr" : "saddr",
				  ask->view.reversed ? "saddr" : "daddr" };
	char name[64], next[80];
	unsigned int i, number = 0;

	line_chain_name(name, r, ask, line, family);
	fprintf(r->chains, "\n\tchain %s {\n", name);
	for (i = 0; i < 2; i++)
		if (lists[i]->negated)
			write_list(r, lists[i], family, fields[i], "return");
	for (i = 0; i < 2; i++) {
		if (lists[i]->negated || !nft_match_count(lists[i], family))
			continue;
		snprintf(next, sizeof(next), "goto %s_%u", name, ++number);
		write_list(r, lists[i], family, fields[i], next);
		fprintf(r->chains, "\t}\n\n\tchain %s_%u {\n", name, number);
	}
	fputs("\t\t", r->chains);
	nft_ask_label(r, ask, dispatch_label(r->d, line));
	fputs("\t}\n", r->chains);
}

void nft_line_chains_write(struct nft_rules *r, const struct nft_ask *ask)
{
	const struct dispatch_decision *x;
	enum dispatch_family family;
	size_t i, j;

	for (family = 0; r->lines.on && family < DISPATCH_FAMILIES; family++) {
		const struct dispatch_side *s = &r->d->side[ask->side][family];

		for (i = 0; i < s->n_decisions; i++) {
			for (x = &s->decisions[i], j = 0; j < x->n; j++) {
				bool *written = line_mark(r, x->lines[j], family);

				if (!*written && has_chain(r, x->lines[j], family) &&
				    !nft_match_never(x->lines[j], &ask->view))
					write_line_chain(r, ask, x->lines[j], family);
				*written = true;
			}
		}
	}
	clear_marks(r);
}

void nft_line_chains_free(struct nft_rules *r)
{
	free(r->lines.marks);
	r->lines.marks = NULL;
}
