// SPDX-License-Identifier: GPL-2.0-only
#include "dump/rule_match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "packet/proto.h"
#include "plan/value.h"

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
	int number = proto_of_iptables(r->value), family;

	/* ip6tables matches a header of IPv6 here that plans cannot name */
	if (number < 0 || r->negated || (number && proto_is_hidden(number)))
		return false;
	r->action->match.proto = number;
	/* no packet of the other family has it */
	family = proto_get(number)->family;
	if (family && r->rule->family && family != r->rule->family)
		r->action->match.never = true;
	return true;
}

static bool read_match_net(struct reader *r, struct match_nets *nets)
{
	struct err ignored;
	struct net net;

	if (nets->n || net_parse(r->value, &net, &ignored))
		return false;
	/* /0 stands for every address */
	if (r->negated && !net.len)
		r->action->match.never = true;
	nets->negated = r->negated;
	match_nets_add(nets, &net);
	return true;
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
		if (!isalnum((unsigned char)*p) && !strchr("_-.@+", *p))
			return false;
	if (!*r->value || strlen(r->value) >= IFNAMSIZ || plan_is_keyword(r->value))
		return false;
	/* + stands for every name */
	if (r->negated && !strcmp(r->value, "+"))
		r->action->match.never = true;
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
		m->never = ports_and(&m->ports, &ports, &both) || !both.n || m->never;
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
	bool new = false, established = false, nat = false, known = true;
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
		else if (i == 0)
			established = true;
		if (!p[n])
			break;
	}
	/* all new packets match, or none does, unless it depends on NAT */
	if (!known || (nat && !new))
		return false;
	if (new == r->negated)
		r->action->match.not_new = true;
	if (established == r->negated)
		r->action->not_reply = true;
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

/* The packet that begins a TCP connection */
static bool read_syn(struct reader *r)
{
	r->action->not_reply = true;
	return !r->negated;
}

/* What iptables-save prints for --syn */
static bool read_flags(struct reader *r)
{
	r->action->not_reply = true;
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
	{ "--syn", "--syn", read_syn, 0 },
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
	r->action->problems++;
	dump_match_add_problem(&r->action->match, dump_pos(r->dump, r->rule, word), word->text);
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
