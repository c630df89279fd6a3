// SPDX-License-Identifier: GPL-2.0-only
#include "plan/nets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/nearest.h"
#include "packet/net.h"
#include "plan/protos.h"
#include "plan/value.h"
#include "util/alloc.h"

static void nets_add(struct plan_nets *nets, const struct net *net)
{
	nets->v = alloc_one_more(nets->v, nets->n, sizeof(*nets->v));
	nets->v[nets->n++] = *net;
}

static struct plan_net_list *find_net_list(const struct plan_net_lists *lists, const char *name)
{
	size_t i;

	for (i = 0; i < lists->n; i++)
		if (!strcmp(lists->v[i].name, name))
			return &lists->v[i];
	return NULL;
}

static int net_list_fault(const struct words *w, const struct word *item,
			  const struct plan_net_lists *lists)
{
	struct nearest nearest = NEAREST(item->text + 1);
	char found[128], hint[256];
	size_t i;

	for (i = 0; i < lists->n; i++)
		nearest_offer(&nearest, lists->v[i].name);
	nearest_format(&nearest, found, sizeof(found));
	snprintf(hint, sizeof(hint),
		 *found ? "did you mean @%s?" : "a line before must define it: net NAME A,B,...",
		 found);
	return words_fault(w, item, hint, "unknown list of networks");
}

/* The networks of a list that has a name. The ones of another family than the line's do not count,
 * so they are no error. */
static int nets_add_list(const struct words *w, const struct word *item,
			 struct plan_net_lists *lists, struct plan_nets *nets)
{
	struct plan_net_list *list = find_net_list(lists, item->text + 1);
	char hint[64];
	size_t i;

	if (!list)
		return net_list_fault(w, item, lists);
	list->used = true;
	if (list->refused)
		return -EINVAL;
	lists->copied += list->nets.n;
	snprintf(hint, sizeof(hint), "at most %d, with each use of a list", PLAN_NETS_MAX);
	if (lists->copied > PLAN_NETS_MAX)
		return words_fault(w, item, hint, "the plan has too many networks");
	for (i = 0; i < list->nets.n; i++)
		nets_add(nets, &list->nets.v[i]);
	return 0;
}

static int nets_add_item(const struct words *w, const struct word *item,
			 const struct plan_protos *protos, struct plan_net_lists *lists,
			 struct plan_nets *nets)
{
	int family = plan_protos_family(protos);
	struct net net;
	struct err err;

	if (item->text[0] == '!')
		return words_fault(w, item, "a ! before the list negates the whole list",
				   "a ! inside the list");
	if (item->text[0] == '@')
		return nets_add_list(w, item, lists, nets);
	if (net_parse(item->text, &net, &err))
		return words_fault(w, item,
				   find_net_list(lists, item->text) ? "a list is written @NAME" :
								      err.hint,
				   "%s", err.what);
	if (family != AF_UNSPEC && family != net.family)
		return words_fault(w, item, NULL, "%s is %s only", protos->v[0].proto->name,
				   family == AF_INET ? "IPv4" : "IPv6");
	if (net_is_mapped(&net))
		diag_add(w->diag, DIAG_WARNING, words_pos(w, item), item->text,
			 "write the IPv4 address", "packets never have an IPv4-mapped address");
	nets_add(nets, &net);
	return 0;
}

int plan_value_nets(struct words *w, const struct plan_protos *protos, struct plan_net_lists *lists,
		    struct plan_nets *nets)
{
	bool negated = words_negated(w);
	const struct word *first = words_take(w, "the network",
					      "an address, ADDRESS/LENGTH, or @LIST");
	struct word rest, item;
	int ret;

	if (!first)
		return -EINVAL;
	nets->negated = negated;
	for (rest = *first; rest.text;) {
		ret = words_item(w, &rest, &item);
		if (!ret)
			ret = nets_add_item(w, &item, protos, lists, nets);
		if (ret)
			return ret;
	}
	return 0;
}

/* Reads what a name stands for: nothing if there is an error. */
static int read_list(struct words *w, struct plan_net_lists *lists, struct plan_nets *nets)
{
	const struct plan_protos any = { 0 };
	const struct word *first = words_peek(w);
	int ret;

	if (first && first->text[0] == '!')
		return words_fault(w, first, "negate its use: from !@NAME",
				   "a list with a name cannot be negated");
	ret = plan_value_nets(w, &any, lists, nets);
	if (!ret)
		ret = words_end(w);
	if (ret) {
		free(nets->v);
		*nets = (struct plan_nets){ 0 };
	}
	return ret;
}

int plan_value_net_list(struct words *w, struct plan_net_lists *lists)
{
	const struct word *word = words_take(w, "the name of the list", NULL);
	struct plan_net_list list = { .name = NULL }, *other;
	char hint[256];

	if (!word)
		return -EINVAL;
	if (word->text[0] == '@')
		return words_fault(w, word, "the @ belongs to its use: from @NAME", "not a name");
	if (!plan_is_name(word->text) || plan_is_keyword(word->text))
		return words_fault(w, word,
				   "letters, digits, _, - and ., and a letter first; no keyword",
				   "not a name");
	other = find_net_list(lists, word->text);
	if (other) {
		snprintf(hint, sizeof(hint), "the first is at %s:%u", other->pos.file,
			 other->pos.line);
		return words_fault(w, word, hint, "the list is defined twice");
	}
	list.text = words_join(w);
	list.pos = words_pos(w, word);
	list.name = alloc_text(word->text, strlen(word->text));
	list.refused = read_list(w, lists, &list.nets);
	lists->v = alloc_one_more(lists->v, lists->n, sizeof(*lists->v));
	lists->v[lists->n++] = list;
	return list.refused ? -EINVAL : 0;
}

void plan_net_lists_free(struct plan_net_lists *lists)
{
	size_t i;

	for (i = 0; i < lists->n; i++) {
		free(lists->v[i].name);
		free(lists->v[i].text);
		free(lists->v[i].nets.v);
	}
	free(lists->v);
	*lists = (struct plan_net_lists){ 0 };
}
