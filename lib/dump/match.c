// SPDX-License-Identifier: GPL-2.0-only
#include "dump/match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "packet/proto.h"
#include "util/alloc.h"
#include "util/hash.h"

static void copy_ports(struct ports *to, const struct ports *from)
{
	size_t i;

	*to = (struct ports){ .n = from->n };
	to->v = alloc_zeroed(from->n + 1, sizeof(*to->v));
	for (i = 0; i < from->n; i++)
		to->v[i] = from->v[i];
}

static bool same_iface(const struct plan_iface *a, const struct plan_iface *b)
{
	return !strcmp(a->name, b->name) && a->negated == b->negated;
}

static size_t plain_length(const struct plan_iface *iface)
{
	size_t n = strlen(iface->name);

	return n && iface->name[n - 1] == '+' ? n - 1 : n;
}

/* Does one have each name that the other one has, apart from negation? "eth+" has "eth0". */
static bool has_names(const struct plan_iface *a, const struct plan_iface *b)
{
	size_t n = plain_length(a);

	return a->name[n] ? !strncmp(a->name, b->name, n) : !strcmp(a->name, b->name);
}

/* Is it certain that no interface has both? */
static bool ifaces_apart(const struct plan_iface *a, const struct plan_iface *b)
{
	if (!*a->name || !*b->name || (a->negated && b->negated))
		return false;
	if (a->negated || b->negated)
		return a->negated ? has_names(a, b) : has_names(b, a);
	return !has_names(a, b) && !has_names(b, a);
}

/* Is each interface of a one of b? */
static bool iface_within(const struct plan_iface *a, const struct plan_iface *b)
{
	struct plan_iface others = *b;

	if (!*b->name)
		return true;
	if (!*a->name)
		return false;
	if (a->negated || !b->negated)
		return a->negated == b->negated && (a->negated ? has_names(a, b) : has_names(b, a));
	others.negated = false;
	return ifaces_apart(a, &others);
}

/* Returns the one that has exactly what both have, or NULL if neither has. */
static const struct plan_iface *and_iface(const struct plan_iface *a, const struct plan_iface *b)
{
	if (iface_within(a, b))
		return a;
	return iface_within(b, a) ? b : NULL;
}

void dump_match_add_problem(struct dump_match *m, struct pos pos, const char *text)
{
	if (m->problem.line)
		return;
	m->problem = pos;
	m->problem_text = text;
}

static void note_two_conditions(struct dump_match *m)
{
	dump_match_add_problem(m, (struct pos){ .line = 1 }, "two conditions on the same thing");
}

static void match_and_nets(const struct match_nets *a, const struct match_nets *b,
			   struct match_nets *out, struct dump_match *m)
{
	int ret = match_nets_and(a, b, out);

	m->never = m->never || ret == -ENOENT;
	if (ret == -EDOM)
		note_two_conditions(m);
}

static void match_and_iface(const struct plan_iface *a, const struct plan_iface *b,
			    struct plan_iface *out, struct dump_match *m)
{
	const struct plan_iface *both = and_iface(a, b);

	*out = both ? *both : *a;
	if (ifaces_apart(a, b))
		m->never = true;
	else if (!both)
		note_two_conditions(m);
}

void dump_match_and(const struct dump_match *a, const struct dump_match *b, struct dump_match *out)
{
	const struct dump_match *problem = b->problem.line ? b : a;

	*out = (struct dump_match){
		.family = a->family ? a->family : b->family,
		.proto = a->proto ? a->proto : b->proto,
		.not_new = a->not_new || b->not_new,
		.never = a->never || b->never,
		.problem = problem->problem,
		.problem_text = problem->problem_text,
	};
	out->never = out->never || (a->proto && b->proto && a->proto != b->proto);
	match_and_nets(&a->from, &b->from, &out->from, out);
	match_and_nets(&a->to, &b->to, &out->to, out);
	match_and_iface(&a->in, &b->in, &out->in, out);
	match_and_iface(&a->out, &b->out, &out->out, out);
	if (!a->ports.n || !b->ports.n)
		copy_ports(&out->ports, a->ports.n ? &a->ports : &b->ports);
	else if (ports_and(&a->ports, &b->ports, &out->ports) || !out->ports.n)
		out->never = true;
}

static bool same_nets(const struct match_nets *a, const struct match_nets *b)
{
	return match_nets_within(a, b) && match_nets_within(b, a);
}

bool dump_match_same(const struct dump_match *a, const struct dump_match *b)
{
	return !a->problem.line && !b->problem.line && a->family == b->family &&
	       a->proto == b->proto && ports_contains(&a->ports, &b->ports) &&
	       ports_contains(&b->ports, &a->ports) && same_nets(&a->from, &b->from) &&
	       same_nets(&a->to, &b->to) && same_iface(&a->in, &b->in) &&
	       same_iface(&a->out, &b->out);
}

/* Does not depend on the order of the networks. */
static uint64_t hash_nets(const struct match_nets *nets)
{
	uint64_t sum = nets->n * 2 + nets->negated;
	size_t i;

	for (i = 0; i < nets->n; i++)
		sum += hash_bytes(HASH_START ^ nets->v[i].len, nets->v[i].addr,
				  sizeof(nets->v[i].addr));
	return sum;
}

uint64_t dump_match_hash(const struct dump_match *m)
{
	const uint64_t words[] = {
		m->proto,
		hash_nets(&m->from),
		hash_nets(&m->to),
		hash_text(m->in.name) + m->in.negated,
		hash_text(m->out.name) + m->out.negated,
	};

	return hash_bytes(hash_bytes(HASH_START, words, sizeof(words)), m->ports.v,
			  m->ports.n * sizeof(*m->ports.v));
}

static struct dump_match swapped_match(const struct dump_match *reply)
{
	struct dump_match back = *reply;

	back.problem.line = 0;
	back.ports = reply->sources;
	back.from = reply->to;
	back.to = reply->from;
	back.in = reply->out;
	back.out = reply->in;
	return back;
}

uint64_t dump_match_hash_back(const struct dump_match *reply)
{
	const struct dump_match back = swapped_match(reply);

	return dump_match_hash(&back);
}

bool dump_match_replies(const struct dump_match *reply, const struct dump_match *begin)
{
	const struct dump_match back = swapped_match(reply);

	return reply->sources.n && !reply->ports.n && !begin->not_new && !begin->never &&
	       dump_match_same(&back, begin);
}

void dump_match_turn(struct dump_match *reply)
{
	struct dump_match back = swapped_match(reply);

	back.sources = reply->ports;
	back.not_new = false;
	*reply = back;
}

static bool ports_within(const struct dump_match *a, const struct dump_match *b)
{
	struct port_range range = { 0, PORT_MAX };
	const struct ports all = { &range, 1 };

	if (b->proto && a->proto != b->proto)
		return false;
	return !b->ports.n || ports_contains(&b->ports, a->ports.n ? &a->ports : &all);
}

bool dump_match_within(const struct dump_match *a, const struct dump_match *b)
{
	return !a->problem.line && !b->problem.line && ports_within(a, b) &&
	       match_nets_within(&a->from, &b->from) && match_nets_within(&a->to, &b->to) &&
	       iface_within(&a->in, &b->in) && iface_within(&a->out, &b->out);
}

static bool ports_meet(const struct ports *a, const struct ports *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (ports_overlap(a, b->v[i].lo, b->v[i].hi, NULL))
			return true;
	return !a->n || !b->n;
}

/* Is the result of dump_match_and() empty? Does not build it: this is called for each pair of
 * thousands. */
bool dump_match_apart(const struct dump_match *a, const struct dump_match *b)
{
	return a->never || b->never || (a->proto && b->proto && a->proto != b->proto) ||
	       match_nets_apart(&a->from, &b->from) || match_nets_apart(&a->to, &b->to) ||
	       !ports_meet(&a->ports, &b->ports) || ifaces_apart(&a->in, &b->in) ||
	       ifaces_apart(&a->out, &b->out);
}

/* The only condition in which packets of a can differ from those of b */
enum condition {
	CONDITION_NONE,
	CONDITION_PORTS,
	CONDITION_FROM,
	CONDITION_TO,
	CONDITION_IN,
	CONDITION_OUT,
	CONDITION_SEVERAL
};

static enum condition only_difference(const struct dump_match *a, const struct dump_match *b)
{
	const bool within[] = {
		[CONDITION_NONE] = true,
		[CONDITION_PORTS] = ports_within(a, b),
		[CONDITION_FROM] = match_nets_within(&a->from, &b->from),
		[CONDITION_TO] = match_nets_within(&a->to, &b->to),
		[CONDITION_IN] = iface_within(&a->in, &b->in),
		[CONDITION_OUT] = iface_within(&a->out, &b->out),
	};
	enum condition found = CONDITION_NONE;
	size_t i;

	for (i = 0; i < sizeof(within) / sizeof(within[0]); i++)
		if (!within[i])
			found = found ? CONDITION_SEVERAL : (enum condition)i;
	return found;
}

void dump_match_copy(struct dump_match *to, const struct dump_match *from)
{
	static const struct dump_match any;

	dump_match_and(from, &any, to);
}

static bool ports_minus(struct dump_match *m, const struct dump_match *others)
{
	struct ports rest = { 0 }, both = { 0 };
	bool ret;

	if (m->proto != others->proto)
		return false;
	copy_ports(&rest, &others->ports);
	ret = !ports_complement(&rest);
	if (ret && m->ports.n) {
		ret = !ports_and(&m->ports, &rest, &both);
		ports_free(&rest);
		rest = both;
	}
	if (ret) {
		ports_free(&m->ports);
		m->ports = rest;
	}
	return ret;
}

static bool iface_minus(struct plan_iface *iface, const struct plan_iface *others)
{
	struct plan_iface rest = *others;
	const struct plan_iface *both;

	rest.negated = !others->negated;
	both = and_iface(iface, &rest);
	if (both)
		*iface = *both;
	return both;
}

bool dump_match_minus(struct dump_match *m, const struct dump_match *others)
{
	if (dump_match_apart(m, others))
		return true;
	if (m->problem.line || others->problem.line)
		return false;
	switch (only_difference(m, others)) {
	case CONDITION_NONE:
		m->never = true;
		return true;
	case CONDITION_PORTS:
		return ports_minus(m, others);
	case CONDITION_FROM:
		return !match_nets_minus(&m->from, &others->from);
	case CONDITION_TO:
		return !match_nets_minus(&m->to, &others->to);
	case CONDITION_IN:
		return iface_minus(&m->in, &others->in);
	case CONDITION_OUT:
		return iface_minus(&m->out, &others->out);
	case CONDITION_SEVERAL:
		break;
	}
	return false;
}

bool dump_match_all(const struct dump_match *m)
{
	return !m->problem.line && !m->proto && !m->ports.n && !m->from.n && !m->to.n &&
	       !*m->in.name && !*m->out.name;
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
	match_nets_print("from", &m->from, out);
	match_nets_print("to", &m->to, out);
	print_match_iface(side == SIDE_FORWARD ? "in" : "on", &m->in, out);
	print_match_iface(side == SIDE_FORWARD ? "out" : "on", &m->out, out);
}

void dump_match_free(struct dump_match *m)
{
	ports_free(&m->ports);
	ports_free(&m->sources);
	match_nets_free(&m->from);
	match_nets_free(&m->to);
	*m = (struct dump_match){ 0 };
}
