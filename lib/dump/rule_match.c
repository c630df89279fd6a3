// SPDX-License-Identifier: GPL-2.0-only
#include "dump/rule_match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "packet/iface.h"
#include "packet/proto.h"
#include "util/alloc.h"

/* A rule that is being read. */
struct reader {
	const struct dump *dump;
	const struct dump_rule *rule;
	struct dump_action *action;
	const char *value, *second; /* of the option */
	bool negated;
};

static bool read_proto(struct reader *r)
{
	int number = proto_of_iptables(r->value);

	/* ip6tables matches a header of IPv6 here that plans cannot name */
	if (number < 0 || r->negated || (number && proto_is_hidden(number)))
		return false;
	r->action->match.proto = number;
	return true;
}

static bool read_match_net(struct reader *r, struct dump_net *net)
{
	struct err ignored;

	net->negated = r->negated;
	return !net_parse(r->value, &net->net, &ignored);
}

static bool read_from(struct reader *r)
{
	return read_match_net(r, &r->action->match.from);
}

static bool read_to(struct reader *r)
{
	return read_match_net(r, &r->action->match.to);
}

static bool read_iface(struct reader *r, struct plan_iface *iface)
{
	const char *p;

	/* the others would end the word in a plan, or mean something there */
	for (p = r->value; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("_-.:@+", *p))
			return false;
	if (!*r->value || strlen(r->value) >= IFNAMSIZ)
		return false;
	strcpy(iface->name, r->value);
	iface->negated = r->negated;
	return true;
}

static bool read_match_in(struct reader *r)
{
	return read_iface(r, &r->action->match.in);
}

static bool read_match_out(struct reader *r)
{
	return read_iface(r, &r->action->match.out);
}

/* Intersects two sets that are not empty. Returns false if the result is empty. */
static bool and_ports(const struct ports *a, const struct ports *b, struct ports *out)
{
	size_t i, k;

	for (i = 0; i < a->n; i++) {
		for (k = 0; k < b->n; k++) {
			unsigned int lo = a->v[i].lo > b->v[k].lo ? a->v[i].lo : b->v[k].lo;
			unsigned int hi = a->v[i].hi < b->v[k].hi ? a->v[i].hi : b->v[k].hi;

			if (lo <= hi && ports_add(out, lo, hi))
				return false;
		}
	}
	return out->n;
}

/* A list of N and N:M */
static bool read_port_list(const char *p, struct ports *ports)
{
	unsigned long lo, hi;
	char *end;

	do {
		lo = strtoul(p, &end, 10);
		if (end == p || *p == '-')
			return false;
		hi = lo;
		if (*end == ':')
			hi = strtoul(end + 1, &end, 10);
		if (lo > hi || hi > PORT_MAX || ports_add(ports, lo, hi))
			return false;
		p = end + 1;
	} while (*end == ',');
	return !*end;
}

/* Several conditions on the ports must all hold. */
static bool read_ports(struct reader *r)
{
	struct dump_match *m = &r->action->match;
	struct ports ports = { 0 }, both = { 0 };
	bool good = read_port_list(r->value, &ports) && !(r->negated && ports_complement(&ports));

	if (!good || !ports.n) {
		/* an empty set would mean any port */
		m->never = m->never || good;
		ports_free(&ports);
		return good;
	}
	if (m->ports.n) {
		m->never = !and_ports(&m->ports, &ports, &both) || m->never;
		ports_free(&ports);
		ports_free(&m->ports);
		ports = both;
	}
	m->ports = ports;
	return true;
}

static bool read_sources(struct reader *r)
{
	return !r->negated && !r->action->match.sources.n &&
	       read_port_list(r->value, &r->action->match.sources);
}

/* The plan's own rules label packets that are not NEW. Packets without a connection are labeled
 * too. */
static bool read_match_state(struct reader *r)
{
	static const char *const others[] = { "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED" };
	bool new = false, nat = false, known = true;
	const char *p = r->value;
	size_t n, i;

	for (;; p += n + 1) {
		n = strcspn(p, ",");
		for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
			if (n == strlen(others[i]) && !strncasecmp(p, others[i], n))
				break;
		if (n == 3 && !strncasecmp(p, "NEW", n))
			new = true;
		else if (n == 4 && (!strncasecmp(p, "SNAT", n) || !strncasecmp(p, "DNAT", n)))
			nat = true;
		else if (i == sizeof(others) / sizeof(others[0]))
			known = false;
		if (!p[n])
			break;
	}
	/* all new packets match, or none does, unless it depends on NAT */
	if (!known || (nat && !new))
		return false;
	if (new == r->negated)
		r->action->match.not_new = true;
	return true;
}

/* modules that match nothing by themselves, or whose options are read here */
static bool read_module(struct reader *r)
{
	static const char *const known[] = {
		"tcp",   "udp",       "sctp",  "dccp",      "udplite", "icmp",
		"icmp6", "multiport", "state", "conntrack", "comment",
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(r->value, known[i]))
			return !r->negated;
	return false;
}

static bool read_nothing(struct reader *r)
{
	return !r->negated;
}

static bool read_target(struct reader *r)
{
	r->action->target = r->value;
	return !r->negated;
}

static bool read_goto(struct reader *r)
{
	r->action->go = true;
	return read_target(r);
}

static bool read_selctx(struct reader *r)
{
	r->action->selctx = r->value;
	return !r->negated;
}

static bool read_seltype(struct reader *r)
{
	r->action->seltype = r->value;
	return !r->negated;
}

/* --syn: the packet that begins a TCP connection */
static bool read_flags(struct reader *r)
{
	return !r->negated && !strcmp(r->value, "FIN,SYN,RST,ACK") && !strcmp(r->second, "SYN");
}

static bool read_accept(struct reader *r)
{
	r->action->accept = true;
	return true;
}

static const struct option {
	const char *name, *other;
	bool (*read)(struct reader *r); /* false: a plan cannot express it */
	int values;
} options[] = {
	{ "-p", "--protocol", read_proto, 1 },
	{ "-s", "--source", read_from, 1 },
	{ "-d", "--destination", read_to, 1 },
	{ "-i", "--in-interface", read_match_in, 1 },
	{ "-o", "--out-interface", read_match_out, 1 },
	{ "-m", "--match", read_module, 1 },
	{ "-j", "--jump", read_target, 1 },
	{ "-g", "--goto", read_goto, 1 },
	{ "--dport", "--destination-port", read_ports, 1 },
	{ "--dports", "--destination-ports", read_ports, 1 },
	{ "--sport", "--source-port", read_sources, 1 },
	{ "--sports", "--source-ports", read_sources, 1 },
	{ "--state", "--ctstate", read_match_state, 1 },
	{ "--comment", "--comment", read_nothing, 1 },
	{ "-c", "--set-counters", read_nothing, 2 },
	{ "--tcp-flags", "--tcp-flags", read_flags, 2 },
	{ "--syn", "--syn", read_nothing, 0 },
	{ "--selctx", "--selctx", read_selctx, 1 },
	{ "--seltype", "--seltype", read_seltype, 1 },
	/* options of targets: a plan does by itself what they do besides labeling */
	{ "--reject-with", "--reject-with", read_nothing, 1 },
	{ "--save", "--restore", read_nothing, 0 },
	{ "--overwrite", "--overwrite", read_nothing, 0 },
	{ "--accept", "--accept", read_accept, 0 },
};

static const struct option *find_option(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(name, options[i].name) || !strcmp(name, options[i].other))
			return &options[i];
	return NULL;
}

static void note_problem(struct reader *r, const struct dump_word *word)
{
	struct dump_match *m = &r->action->match;

	r->action->problems++;
	if (m->problem.line)
		return;
	m->problem = dump_pos(r->dump, r->rule, word);
	m->problem_text = word->text;
}

void dump_match_read(const struct dump *dump, const struct dump_rule *rule,
		     struct dump_action *action)
{
	struct reader r = { .dump = dump, .rule = rule, .action = action };
	const struct option *o;
	size_t i;

	*action = (struct dump_action){ .match.family = rule->family };
	for (i = 0; i < rule->n; i++) {
		const struct dump_word *word = &rule->v[i];

		if (!strcmp(word->text, "!")) {
			r.negated = true;
			continue;
		}
		o = find_option(word->text);
		if (!o || i + o->values >= rule->n) {
			note_problem(&r, word);
			r.negated = false;
			continue;
		}
		r.value = rule->v[i + (o->values > 0)].text;
		r.second = rule->v[i + o->values].text;
		if (o->read == read_selctx || o->read == read_seltype)
			action->label_pos = dump_pos(dump, rule, &rule->v[i + 1]);
		if (o->read == read_sources)
			note_problem(&r, word);
		if (!o->read(&r))
			note_problem(&r, o->values ? word + 1 : word);
		i += o->values;
		r.negated = false;
	}
}

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
	else if (!and_ports(&a->ports, &b->ports, &out->ports))
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
