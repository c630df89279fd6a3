// SPDX-License-Identifier: GPL-2.0-only
#include "dump/chain_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dump/iptables_save.h"
#include "dump/match_index.h"
#include "plan/value.h"
#include "selinux/context.h"
#include "util/alloc.h"

/* Chains can call each other on too many paths to follow them all. The walk visits this many rules,
 * and each rule of the dump a few times more. */
#define STEPS_MAX 20000
#define STEPS_PER_RULE 4
#define DEPTH_MAX 64
/* How many pending labels are compared with verdicts, at the most */
#define COMPARED_MAX 1000000
/* How many exemptions a label may have, and how many ports and networks all of them are compared
 * with: without these, thousands of exemptions of thousands of labels would take minutes. */
#define EXEMPTIONS_MAX 1000
#define EXEMPTION_WORK 100000000
/* How many earlier verdicts are taken out of a verdict. It does without, but then more of them are
 * exemptions of labels. */
#define ENDED_MAX 64

/* Verdicts for some of the packets of a chain. Those that no longer count are not in the index. */
struct leavers {
	struct walk_labels labels;
	struct match_index *index;
};

/* The state of a walk through the chains of one hook and one family. */
struct walk {
	struct walk_rule *v; /* all rules */
	size_t n;
	struct diag *diag;
	const struct walk_hook *hook;
	struct walk_labels pending; /* a later label can still replace them */
	struct walk_labels done;    /* the first one that matches counts */
	struct leavers leaving;     /* from the table */
	struct leavers returned;    /* from chains to the chains that called them */
	enum walk_mode mode;
	struct walk_rule *top; /* the rule of the hook */
	unsigned int steps, depth, compared;
	size_t exemption_work;
	bool ended; /* no packet goes on */
	bool gave_up;
};

static void walk_add_label(struct walk_labels *labels, const struct walk_label *label)
{
	labels->v = alloc_one_more(labels->v, labels->n, sizeof(*labels->v));
	labels->v[labels->n] = *label;
	/* a copy of its own */
	dump_match_copy(&labels->v[labels->n].match, &label->match);
	labels->n++;
}

void walk_drop_last(struct walk_labels *labels)
{
	dump_match_free(&labels->v[--labels->n].match);
}

void walk_labels_free(struct walk_labels *labels)
{
	while (labels->n)
		walk_drop_last(labels);
	free(labels->v);
	*labels = (struct walk_labels){ 0 };
}

static void leavers_free(struct leavers *leavers)
{
	walk_labels_free(&leavers->labels);
	match_index_free(leavers->index);
}

static int by_place(const struct dump_rule *a, const struct dump_rule *b)
{
	int order = a->family - b->family;

	if (!order)
		order = strcmp(a->table, b->table);
	return order ? order : strcmp(a->chain, b->chain);
}

static int by_rule(const void *va, const void *vb)
{
	const struct walk_rule *a = va, *b = vb;
	int order = by_place(a->rule, b->rule);

	return order ? order : a->number < b->number ? -1 : 1;
}

void walk_sort(struct walk_rule *v, size_t n)
{
	if (n)
		qsort(v, n, sizeof(*v), by_rule);
}

struct walk_rule *walk_find_chain(struct walk_rule *v, size_t n, const struct dump_rule *key)
{
	size_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (by_place(v[mid].rule, key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && by_place(v[lo].rule, key) == 0 ? &v[lo] : NULL;
}

/* Decides all pending labels: in the plan, the last one comes first. */
static void settle_pending(struct walk *w)
{
	for (; w->pending.n; walk_drop_last(&w->pending))
		walk_add_label(&w->done, &w->pending.v[w->pending.n - 1]);
}

static void add_leaver(struct leavers *leavers, const struct walk_label *label)
{
	walk_add_label(&leavers->labels, label);
	match_index_add(leavers->index, &leavers->labels.v[leavers->labels.n - 1].match);
}

/* Takes from a match the packets of a verdict. Returns false if no match can say the rest. */
static bool exempt(struct walk *w, struct dump_match *match, const struct dump_match *verdict)
{
	w->exemption_work += 1 + match->ports.n + match->from.n + match->to.n;
	return w->exemption_work <= EXEMPTION_WORK && dump_match_minus(match, verdict);
}

/* Takes from a match the packets that have left the chain before this rule. Returns false if no
 * match can say the rest; then it can be that some are taken, and others not. */
static bool exempt_leavers(struct walk *w, const struct leavers *leavers, size_t max,
			   struct dump_match *match)
{
	const size_t *numbers;
	size_t n = match_index_find(leavers->index, match, max + 1, &numbers), i;

	if (n > max || match_index_is_spent(leavers->index))
		return false;
	for (i = 0; i < n && !match->never; i++)
		if (!exempt(w, match, &leavers->labels.v[numbers[i]].match))
			return false;
	return true;
}

/* Finds the pending label that all packets of a match have, unless a later label is for some of
 * them. Returns its index, or the number of pending labels. */
static size_t find_last_for_all(struct walk *w, const struct dump_match *match)
{
	const struct walk_labels *pending = &w->pending;
	size_t i;

	for (i = pending->n; i-- > 0 && dump_match_within(&pending->v[i].match, match);) {
		if (dump_match_same(&pending->v[i].match, match))
			return i;
		/* thousands of verdicts for the packets of thousands of labels */
		if (w->compared++ > COMPARED_MAX)
			break;
	}
	return pending->n;
}

/* The packets end here, with the label that they have. */
static void end_matching(struct walk *w, const struct dump_match *match, struct pos pos,
			 const char *target)
{
	struct walk_labels *p = &w->pending;
	size_t last;

	if (dump_match_all(match)) {
		settle_pending(w);
		w->ended = true;
		return;
	}
	last = find_last_for_all(w, match);
	if (last == p->n)
		add_leaver(&w->leaving,
			   &(struct walk_label){ .match = *match, .text = target, .pos = pos });
	for (; p->n > last; walk_drop_last(p))
		walk_add_label(&w->done, &p->v[p->n - 1]);
}

static void end_packets(struct walk *w, const struct dump_match *match, struct pos pos,
			const char *target)
{
	struct dump_match rest;

	dump_match_copy(&rest, match);
	/* those that returned have not ended */
	if (!exempt_leavers(w, &w->returned, EXEMPTIONS_MAX, &rest))
		dump_match_add_problem(&rest, pos, target);
	/* those that ended before may be in the match, but without them it can be that of a label
	 */
	else if (!dump_match_all(match))
		exempt_leavers(w, &w->leaving, ENDED_MAX, &rest);
	if (!rest.never)
		end_matching(w, &rest, pos, target);
	dump_match_free(&rest);
}

/* Several paths can lead to the rule; dump_to_plan() drops what is said twice. */
static void walk_refuse(struct walk *w, struct pos pos, const char *text, const char *hint,
			const char *what)
{
	diag_add(w->diag, DIAG_ERROR, pos, text, hint, "%s", what);
}

/* Packets that left the chain before this label would get it from a plan: takes them from its
 * match. Where no line can say the rest, that is an error of the verdict. */
static void exempt_from_label(struct walk *w, struct leavers *leavers, struct walk_label *label)
{
	const struct walk_label *l;
	const size_t *numbers;
	char hint[128];
	size_t i, n = match_index_find(leavers->index, &label->match, SIZE_MAX, &numbers);

	if (match_index_is_spent(leavers->index)) {
		walk_refuse(w, label->pos, label->text, NULL,
			    "too many verdicts come before this label");
		w->gave_up = true;
	}
	snprintf(hint, sizeof(hint),
		 "line %u labels only the others: write its line of the plan by hand",
		 label->pos.line);
	for (i = 0; i < n && !label->match.never && !w->gave_up; i++) {
		l = &leavers->labels.v[numbers[i]];
		if (i < EXEMPTIONS_MAX && exempt(w, &label->match, &l->match))
			continue;
		label->wide = true;
		walk_refuse(w, l->pos, l->text, hint, "some packets leave the chain here");
		/* report it once */
		match_index_drop(leavers->index, numbers[i]);
	}
}

/* Text that is no label would be read as the rest of the line, or as a comment. */
static bool is_label(struct walk *w, const struct dump_action *action,
		     const struct walk_label *label)
{
	struct context ctx;
	struct err err;

	if (!action->selctx && plan_is_keyword(label->text)) {
		walk_refuse(w, label->pos, label->text, NULL, "a keyword cannot be a type");
		return false;
	}
	if (!action->selctx && !plan_is_name(label->text)) {
		walk_refuse(w, label->pos, label->text,
			    "a type has letters, digits, _, - and ., and begins with a letter",
			    "not a type");
		return false;
	}
	if (action->selctx && context_parse(label->text, &ctx, &err)) {
		walk_refuse(w, label->pos, label->text, *err.hint ? err.hint : NULL, err.what);
		return false;
	}
	if (action->selctx && strpbrk(label->text, "#\"'\\")) {
		walk_refuse(w, label->pos, label->text, NULL, "no plan can have this context");
		return false;
	}
	return true;
}

static bool is_good(struct walk *w, const struct dump_action *action,
		    const struct walk_label *label)
{
	char hint[64];
	struct pos pos;

	if (label->match.problem.line) {
		snprintf(hint, sizeof(hint), "the label in line %u depends on it", label->pos.line);
		pos = label->match.problem.file ? label->match.problem : label->pos;
		walk_refuse(w, pos, label->match.problem_text, hint, "a plan cannot express this");
		return false;
	}
	return is_label(w, action, label);
}

/* Returns whether any packet gets the label. */
static bool add_pending(struct walk *w, const struct walk_label *label)
{
	struct walk_label own = *label;
	bool some;

	dump_match_copy(&own.match, &label->match);
	exempt_from_label(w, &w->leaving, &own);
	exempt_from_label(w, &w->returned, &own);
	some = !own.match.never;
	if (some)
		walk_add_label(&w->pending, &own);
	dump_match_free(&own.match);
	return some;
}

static void mark_label(struct walk_rule *e, bool some)
{
	if (some)
		e->labels = true;
	else
		e->hidden = true;
}

static void give_label(struct walk *w, struct walk_rule *e, const struct dump_action *action,
		       const struct dump_match *match)
{
	struct walk_label label = {
		.match = *match,
		.text = action->selctx ? action->selctx : action->seltype,
		.pos = action->label_pos,
		.top = w->top,
	};
	bool some;

	if (!label.text)
		return;
	if (match->not_new) {
		walk_refuse(w, label.pos, label.text,
			    "a connection keeps the label of its first packet",
			    "labels packets that do not begin a connection");
		return;
	}
	if (!is_good(w, action, &label)) {
		w->top->bad_replies = w->top->bad_replies || w->mode == WALK_REPLIES;
		return;
	}
	some = add_pending(w, &label);
	if (w->mode == WALK_REPLIES)
		w->top->labels_replies = w->top->labels_replies || some;
	if (w->mode == WALK_BEGIN)
		mark_label(e, some);
	if (action->accept)
		end_packets(w, match, label.pos, action->target);
}

static void walk_follow(struct walk *w, struct walk_rule *first, const struct dump_match *match);

bool walk_is_one_of(const char *text, const char *a, const char *b)
{
	return text && (!strcmp(text, a) || !strcmp(text, b));
}

/* Applies a rule to the packets of a chain that match. Returns false if no packet is left in the
 * chain. */
static bool act_on_target(struct walk *w, struct walk_rule *e, const struct dump_action *action,
			  const struct dump_match *match, const struct dump_match *chain)
{
	struct dump_rule key = *e->rule;
	bool all = dump_match_same(match, chain),
	     returns = walk_is_one_of(action->target, "RETURN", "RETURN");
	struct walk_rule *called;

	if (walk_is_one_of(action->target, "SECMARK", "SECMARK2")) {
		give_label(w, e, action, match);
		return !(action->accept && all);
	}
	if (!action->target || match->not_new)
		return true;
	if (!strcmp(action->target, "ACCEPT") || (returns && w->depth == 1)) {
		end_packets(w, match, dump_pos(e->dump, e->rule, e->rule->v), action->target);
		return !all;
	}
	if (walk_is_one_of(action->target, "DROP", "REJECT"))
		return !all;
	key.chain = action->target;
	called = returns ? NULL : walk_find_chain(w->v, w->n, &key);
	if (called)
		walk_follow(w, called, match);
	/* a chain without rules is not in the dump: packets that go there return as well */
	if (!returns && !action->go)
		return true;
	if (!all)
		add_leaver(&w->returned,
			   &(struct walk_label){ .match = *match,
						 .text = action->target,
						 .pos = dump_pos(e->dump, e->rule, e->rule->v) });
	return !all;
}

/* The name of an interface that a packet does not have is empty (ip_packet_match() of the kernel).
 * A chain that several hooks call can have such a rule. */
static void compare_no_name(struct plan_iface *iface, struct dump_match *match)
{
	bool any = !strcmp(iface->name, "+");

	if (*iface->name && iface->negated == any)
		match->never = true;
	*iface = (struct plan_iface){ .negated = false };
}

/* A reply goes to a port of a client, which no rule names. A rule that names it anyway, or that has
 * another problem, is left out. */
static void turn_to_replies(struct walk *w, struct dump_action *action)
{
	struct dump_match *m = &action->match;
	bool odd = m->ports.n || action->problems > (m->sources.n > 0);

	m->never = m->never || odd || action->not_reply;
	if (odd && w->depth > 1)
		w->top->bad_replies = true;
	dump_match_turn(m);
}

static bool is_left_out(const struct walk *w, const struct walk_rule *e)
{
	if (w->depth > 1 || w->mode == WALK_REPLIES)
		return false;
	return w->mode == WALK_BEGIN ? e->repeats : e->by_source;
}

static void mark_seen(const struct walk *w, struct walk_rule *e)
{
	if (w->mode == WALK_BEGIN)
		e->seen = true;
}

static bool walk_rule_step(struct walk *w, struct walk_rule *e, const struct dump_match *chain)
{
	struct dump_action action;
	struct dump_match match;
	bool goes_on = true;

	if (w->depth == 1)
		w->top = e;

	if (strcmp(e->rule->command, "-A")) {
		if (!e->seen)
			diag_add(w->diag, DIAG_ERROR, dump_pos(e->dump, e->rule, NULL),
				 e->rule->command, "expected what iptables-save prints",
				 "the rule is not appended with -A");
		mark_seen(w, e);
		return true;
	}
	mark_seen(w, e);
	if (is_left_out(w, e))
		return true;
	dump_match_read(e->dump, e->rule, &action);
	if (!w->hook->in)
		compare_no_name(&action.match.in, &action.match);
	if (!w->hook->out)
		compare_no_name(&action.match.out, &action.match);
	if (w->mode == WALK_REPLIES)
		turn_to_replies(w, &action);
	dump_match_and(chain, &action.match, &match);
	if (match.never && w->mode == WALK_BEGIN)
		e->hidden = true;
	if (!match.never)
		goes_on = act_on_target(w, e, &action, &match, chain);
	dump_match_free(&match);
	dump_match_free(&action.match);
	return goes_on;
}

static void give_up(struct walk *w, const struct walk_rule *first)
{
	walk_refuse(w, dump_pos(first->dump, first->rule, NULL), first->rule->chain, NULL,
		    "the chains call each other too often");
	w->gave_up = true;
}

static void walk_follow(struct walk *w, struct walk_rule *first, const struct dump_match *match)
{
	size_t returned = w->returned.labels.n;
	struct walk_rule *e;

	if (w->depth == DEPTH_MAX) {
		give_up(w, first);
		return;
	}
	w->depth++;
	for (e = first;
	     e < w->v + w->n && by_place(e->rule, first->rule) == 0 && !w->ended && !w->gave_up;
	     e++) {
		if (w->steps++ == STEPS_MAX + STEPS_PER_RULE * w->n)
			give_up(w, first);
		else if (!walk_rule_step(w, e, match))
			break;
	}
	/* they have joined the others again */
	for (; returned < w->returned.labels.n; returned++)
		match_index_drop(w->returned.index, returned);
	w->depth--;
}

struct walk_labels walk(struct walk_rule *v, size_t n, const char *table, int family,
			const struct walk_hook *hook, enum walk_mode mode, struct diag *diag)
{
	struct walk w = { .v = v, .n = n, .diag = diag, .hook = hook, .mode = mode };
	struct dump_match all = { .family = family };
	struct walk_rule *first;
	size_t i;

	w.leaving.index = match_index_new();
	w.returned.index = match_index_new();
	first = walk_find_chain(v, n,
				&(struct dump_rule){
					.family = family, .table = table, .chain = hook->chain });
	if (first)
		walk_follow(&w, first, &all);
	settle_pending(&w);
	if (w.gave_up) {
		walk_labels_free(&w.done);
		/* nobody knows whether packets would have come to the rules */
		for (i = 0; i < n; i++)
			*(mode == WALK_REPLIES ? &v[i].bad_replies : &v[i].labels) = true;
	}
	walk_labels_free(&w.pending);
	leavers_free(&w.leaving);
	leavers_free(&w.returned);
	return w.done;
}
