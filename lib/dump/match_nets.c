// SPDX-License-Identifier: GPL-2.0-only
#include "dump/match_nets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

/* Does one of the networks contain this one? */
static bool has_net(const struct match_nets *nets, const struct net *net)
{
	size_t i;

	for (i = 0; i < nets->n; i++)
		if (net_contains(&nets->v[i], net))
			return true;
	return false;
}

/* Does this one contain one of the networks? */
static bool is_around(const struct net *net, const struct match_nets *nets)
{
	size_t i;

	for (i = 0; i < nets->n; i++)
		if (net_contains(net, &nets->v[i]))
			return true;
	return false;
}

void match_nets_add(struct match_nets *nets, const struct net *net)
{
	size_t i, kept = 0;

	if (has_net(nets, net))
		return;
	for (i = 0; i < nets->n; i++)
		if (!net_contains(net, &nets->v[i]))
			nets->v[kept++] = nets->v[i];
	nets->v = alloc_one_more(nets->v, kept, sizeof(*nets->v));
	nets->v[kept] = *net;
	nets->n = kept + 1;
}

static void copy_nets(const struct match_nets *from, struct match_nets *to)
{
	size_t room = 1;

	*to = *from;
	if (!from->n)
		return;
	/* as alloc_one_more() would */
	while (room < from->n)
		room *= 2;
	to->v = alloc_zeroed(room, sizeof(*to->v));
	memcpy(to->v, from->v, from->n * sizeof(*to->v));
}

/* Neither is negated. */
static void and_both(const struct match_nets *a, const struct match_nets *b, struct match_nets *out)
{
	size_t i, k;

	for (i = 0; i < a->n; i++) {
		for (k = 0; k < b->n; k++) {
			if (net_contains(&b->v[k], &a->v[i]))
				match_nets_add(out, &a->v[i]);
			else if (net_contains(&a->v[i], &b->v[k]))
				match_nets_add(out, &b->v[k]);
		}
	}
}

/* Returns false if a network has a hole. */
static bool and_not(const struct match_nets *a, const struct match_nets *holes,
		    struct match_nets *out)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		if (has_net(holes, &a->v[i]))
			continue;
		if (is_around(&a->v[i], holes))
			return false;
		match_nets_add(out, &a->v[i]);
	}
	return true;
}

int match_nets_and(const struct match_nets *a, const struct match_nets *b, struct match_nets *out)
{
	const struct match_nets *in = a->negated ? b : a, *other = a->negated ? a : b;
	size_t i;

	if (!a->n || !b->n) {
		copy_nets(a->n ? a : b, out);
		return 0;
	}
	if (in->negated) {
		copy_nets(a, out);
		for (i = 0; i < b->n; i++)
			match_nets_add(out, &b->v[i]);
		return 0;
	}
	if (!other->negated) {
		and_both(a, b, out);
	} else if (!and_not(in, other, out)) {
		match_nets_free(out);
		copy_nets(a, out);
		return -EDOM;
	}
	return out->n ? 0 : -ENOENT;
}

int match_nets_minus(struct match_nets *nets, const struct match_nets *others)
{
	struct match_nets negation = *others, rest = { 0 };
	size_t i;
	int ret;

	if (!others->n)
		return -ENOENT;
	negation.negated = !others->negated;
	if (negation.negated && (nets->negated || !nets->n)) {
		nets->negated = true;
		for (i = 0; i < others->n; i++)
			match_nets_add(nets, &others->v[i]);
		return 0;
	}
	ret = match_nets_and(nets, &negation, &rest);
	if (ret) {
		match_nets_free(&rest);
		return ret;
	}
	match_nets_free(nets);
	*nets = rest;
	return 0;
}

bool match_nets_within(const struct match_nets *a, const struct match_nets *b)
{
	const struct match_nets *inner = a->negated ? b : a, *outer = a->negated ? a : b;
	size_t i;

	if (!b->n)
		return true;
	if (!a->n || (a->negated && !b->negated))
		return false;
	for (i = 0; i < inner->n; i++) {
		if (a->negated == b->negated && !has_net(outer, &inner->v[i]))
			return false;
		if (a->negated != b->negated && (has_net(b, &a->v[i]) || is_around(&a->v[i], b)))
			return false;
	}
	return true;
}

bool match_nets_apart(const struct match_nets *a, const struct match_nets *b)
{
	const struct match_nets *in = a->negated ? b : a, *other = a->negated ? a : b;
	size_t i;

	if (!a->n || !b->n || in->negated)
		return false;
	for (i = 0; i < in->n; i++) {
		if (other->negated ? !has_net(other, &in->v[i]) :
				     has_net(other, &in->v[i]) || is_around(&in->v[i], other))
			return false;
	}
	return true;
}

void match_nets_print(const char *clause, const struct match_nets *nets, FILE *out)
{
	char text[NET_STRLEN];
	size_t i;

	if (!nets->n)
		return;
	fprintf(out, " %s %s", clause, nets->negated ? "!" : "");
	for (i = 0; i < nets->n; i++)
		fprintf(out, "%s%s", i ? "," : "", net_format(&nets->v[i], text));
	if (nets->own_family)
		fputs(nets->v[0].family == AF_INET ? ",::/0" : ",0.0.0.0/0", out);
}

void match_nets_free(struct match_nets *nets)
{
	free(nets->v);
	*nets = (struct match_nets){ 0 };
}
