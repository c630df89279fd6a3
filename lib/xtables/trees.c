// SPDX-License-Identifier: GPL-2.0-only
/* What all trees of ports share: the chains that label a packet. */
#include "xtables/trees.h"

#include <stdlib.h>

#include "plan/plan.h"
#include "util/alloc.h"
#include "xtables/port_tree.h"

static int *not_yet(size_t n)
{
	int *v = alloc_zeroed(n + 1, sizeof(*v));

	while (n--)
		v[n] = NOT_YET;
	return v;
}

const struct dispatch_side *trees_side(const struct trees *t, enum side side)
{
	return &t->d->side[side][t->family];
}

void trees_init(struct trees *t, const struct dispatch *d, enum dispatch_family family,
		const struct xt_opts *opts, size_t levels, struct chain_set *set)
{
	int i;

	*t = (struct trees){ .d = d, .family = family, .opts = opts, .levels = levels, .set = set };
	t->leaf = not_yet(d->n_labels);
	t->unlabeled = t->unlabeled_saved = t->outer_in = NOT_YET;
	for (i = 0; i < TREES; i++) {
		t->tree[i].root = t->tree[i].miss_any = NOT_YET;
		t->tree[i].miss[0] = t->tree[i].miss[1] = NOT_YET;
		t->tree[i].proto = not_yet(trees_side(t, tree_kinds[i].side)->n_protos);
		t->tree[i].decision = not_yet(trees_side(t, tree_kinds[i].side)->n_decisions);
	}
}

void trees_free(struct trees *t)
{
	int i;

	free(t->leaf);
	for (i = 0; i < TREES; i++) {
		free(t->tree[i].proto);
		free(t->tree[i].decision);
	}
}

bool trees_side_has_lines(const struct trees *t, enum side side)
{
	return trees_side(t, side)->n_decisions > DISPATCH_NONE + 1;
}

void trees_goto(struct trees *t, unsigned int chain, struct chain_rule rule, int target)
{
	rule.action = target == NOWHERE ? CHAIN_RETURN : CHAIN_GOTO;
	rule.target = target == NOWHERE ? 0 : target;
	chain_add(t->set, chain, rule);
}

void trees_end(struct trees *t, unsigned int chain, int target)
{
	if (target != NOWHERE)
		trees_goto(t, chain, (struct chain_rule){ 0 }, target);
}

struct chain_rule trees_done(const struct trees *t, struct chain_rule rule)
{
	rule.action = t->opts->accept ? CHAIN_ACCEPT : CHAIN_RETURN;
	return rule;
}

/* The rules that label a packet, and its connection, too. */
static void tree_add_label(struct trees *t, unsigned int chain, const char *context, bool save)
{
	struct chain_rule rule = { .action = CHAIN_LABEL, .context = context };

	if (t->opts->module) {
		rule.flags = (save ? CHAIN_F_SAVE : 0) | (t->opts->accept ? CHAIN_F_ACCEPT : 0);
		/* else the plugin makes it a rule of the stock target */
		if (rule.flags)
			rule.flags |= CHAIN_F_MODULE;
		chain_add(t->set, chain, rule);
		return;
	}
	chain_add(t->set, chain, rule);
	/* only new connections: where every packet is looked up, packets of connections that are
	 * older than the rules get here, too */
	if (save)
		chain_add(t->set, chain,
			  (struct chain_rule){ .action = CHAIN_SAVE, .states = CHAIN_NEW });
	if (t->opts->accept)
		chain_add(t->set, chain, trees_done(t, (struct chain_rule){ 0 }));
}

int trees_leaf(struct trees *t, const struct plan_line *line)
{
	unsigned int i = dispatch_label(t->d, line);

	if (t->leaf[i] == NOT_YET) {
		t->leaf[i] = chain_new(t->set, "SECMARK2-L%u", i);
		tree_add_label(t, t->leaf[i], t->d->labels[i], true);
	}
	return t->leaf[i];
}

int trees_unlabeled(struct trees *t)
{
	if (t->unlabeled != NOT_YET)
		return t->unlabeled;
	t->unlabeled = NOWHERE;
	if (t->opts->unlabeled) {
		t->unlabeled = chain_new(t->set, "SECMARK2-UNLABELED");
		tree_add_label(t, t->unlabeled, t->opts->unlabeled, false);
	}
	return t->unlabeled;
}

int trees_unlabeled_saved(struct trees *t)
{
	if (t->unlabeled_saved != NOT_YET)
		return t->unlabeled_saved;
	t->unlabeled_saved = NOWHERE;
	if (t->opts->unlabeled) {
		t->unlabeled_saved = chain_new(t->set, "SECMARK2-UNLABELED-SAVED");
		tree_add_label(t, t->unlabeled_saved, t->opts->unlabeled, true);
	}
	return t->unlabeled_saved;
}
