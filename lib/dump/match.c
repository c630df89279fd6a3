// SPDX-License-Identifier: GPL-2.0-only
#include "dump/match.h"

#include <stdlib.h>
#include <string.h>

#include "packet/proto.h"
#include "util/alloc.h"

static void copy_ports(struct ports *to, const struct ports *from)
{
	size_t i;

	*to = (struct ports){ .n = from->n };
	to->v = alloc_zeroed(from->n + 1, sizeof(*to->v));
	for (i = 0; i < from->n; i++)
		to->v[i] = from->v[i];
}

static bool same_net(const struct dump_net *a, const struct dump_net *b)
{
	return a->net.family == b->net.family && a->negated == b->negated &&
	       (!a->net.family ||
		(net_contains(&a->net, &b->net) && net_contains(&b->net, &a->net)));
}

/* Returns the one that matches exactly what both match, or NULL if neither does. Sets *never if
 * nothing matches both. */
static const struct dump_net *and_net(const struct dump_net *a, const struct dump_net *b,
				      bool *never)
{
	if (!b->net.family || same_net(a, b))
		return a;
	if (!a->net.family)
		return b;
	if (a->negated || b->negated)
		return NULL;
	if (net_contains(&a->net, &b->net))
		return b;
	if (net_contains(&b->net, &a->net))
		return a;
	*never = true;
	return a;
}

static bool same_iface(const struct plan_iface *a, const struct plan_iface *b)
{
	return !strcmp(a->name, b->name) && a->negated == b->negated;
}

static const struct plan_iface *and_iface(const struct plan_iface *a, const struct plan_iface *b)
{
	if (!*b->name || same_iface(a, b))
		return a;
	return *a->name ? NULL : b;
}

void dump_match_and(const struct dump_match *a, const struct dump_match *b, struct dump_match *out)
{
	const struct dump_match *problem = b->problem.line ? b : a;
	const struct dump_net *from, *to;
	const struct plan_iface *in, *gone;

	*out = (struct dump_match){
		.family = a->family ? a->family : b->family,
		.proto = a->proto ? a->proto : b->proto,
		.not_new = a->not_new || b->not_new,
		.never = a->never || b->never,
		.problem = problem->problem,
		.problem_text = problem->problem_text,
	};
	out->never = out->never || (a->proto && b->proto && a->proto != b->proto);
	from = and_net(&a->from, &b->from, &out->never);
	to = and_net(&a->to, &b->to, &out->never);
	in = and_iface(&a->in, &b->in);
	gone = and_iface(&a->out, &b->out);
	if (from && to && in && gone) {
		out->from = *from;
		out->to = *to;
		out->in = *in;
		out->out = *gone;
	} else if (!out->problem.line) {
		out->problem = (struct pos){ .line = 1 };
		out->problem_text = "two conditions on the same thing";
	}
	if (!a->ports.n || !b->ports.n)
		copy_ports(&out->ports, a->ports.n ? &a->ports : &b->ports);
	else if (ports_and(&a->ports, &b->ports, &out->ports) || !out->ports.n)
		out->never = true;
}

bool dump_match_same(const struct dump_match *a, const struct dump_match *b)
{
	return !a->problem.line && !b->problem.line && a->family == b->family &&
	       a->proto == b->proto && ports_contains(&a->ports, &b->ports) &&
	       ports_contains(&b->ports, &a->ports) && same_net(&a->from, &b->from) &&
	       same_net(&a->to, &b->to) && same_iface(&a->in, &b->in) &&
	       same_iface(&a->out, &b->out);
}

bool dump_match_replies(const struct dump_match *reply, const struct dump_match *begin)
{
	struct dump_match back = *reply;

	if (!reply->sources.n || reply->ports.n || begin->not_new || begin->never)
		return false;
	back.problem.line = 0;
	back.ports = reply->sources;
	back.from = reply->to;
	back.to = reply->from;
	back.in = reply->out;
	back.out = reply->in;
	return dump_match_same(&back, begin);
}

bool dump_match_within(const struct dump_match *a, const struct dump_match *b)
{
	struct dump_match both;
	bool within;

	dump_match_and(a, b, &both);
	within = dump_match_same(a, &both);
	dump_match_free(&both);
	return within;
}

static bool ports_meet(const struct ports *a, const struct ports *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (ports_overlap(a, b->v[i].lo, b->v[i].hi, NULL))
			return true;
	return !a->n || !b->n;
}

static bool nets_apart(const struct dump_net *a, const struct dump_net *b)
{
	return a->net.family && b->net.family && !a->negated && !b->negated &&
	       !net_contains(&a->net, &b->net) && !net_contains(&b->net, &a->net);
}

/* Is the result of dump_match_and() empty? Does not build it: this is called for each pair of
 * thousands. */
bool dump_match_apart(const struct dump_match *a, const struct dump_match *b)
{
	return a->never || b->never || (a->proto && b->proto && a->proto != b->proto) ||
	       nets_apart(&a->from, &b->from) || nets_apart(&a->to, &b->to) ||
	       !ports_meet(&a->ports, &b->ports);
}

bool dump_match_all(const struct dump_match *m)
{
	return !m->problem.line && !m->proto && !m->ports.n && !m->from.net.family &&
	       !m->to.net.family && !*m->in.name && !*m->out.name;
}

static void print_match_net(const char *clause, const struct dump_net *net, FILE *out)
{
	char text[NET_STRLEN];

	if (net->net.family)
		fprintf(out, " %s %s%s%s", clause, net->negated ? "!" : "",
			net_format(&net->net, text),
			!net->own_family           ? "" :
			net->net.family == AF_INET ? ",::/0" :
						     ",0.0.0.0/0");
}

static void print_match_iface(const char *clause, const struct plan_iface *iface, FILE *out)
{
	if (*iface->name)
		fprintf(out, " %s %s%s", clause, iface->negated ? "!" : "", iface->name);
}

void dump_match_print(const struct dump_match *m, enum side side, FILE *out)
{
	const struct port_range *v = m->ports.v;
	size_t i;

	fprintf(out, "%s", proto_name(m->proto));
	for (i = 0; i < m->ports.n; i++) {
		fprintf(out, "%c%u", i ? ',' : ' ', v[i].lo);
		if (v[i].hi > v[i].lo)
			fprintf(out, "-%u", v[i].hi);
	}
	print_match_net("from", &m->from, out);
	print_match_net("to", &m->to, out);
	print_match_iface(side == SIDE_FORWARD ? "in" : "on", &m->in, out);
	print_match_iface(side == SIDE_FORWARD ? "out" : "on", &m->out, out);
}

void dump_match_free(struct dump_match *m)
{
	ports_free(&m->ports);
	ports_free(&m->sources);
	*m = (struct dump_match){ 0 };
}
