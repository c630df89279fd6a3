// SPDX-License-Identifier: GPL-2.0-only
/* Random chains: a packet must get the same label from them and from the plan made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "dump/iptables_save.h"
#include "dump/to_plan.h"
#include "packet/flow.h"
#include "plan/lookup.h"
#include "plan/plan.h"

/* Hooks of mangle, then the chains that they and the chains before call; hooks of security */
enum chain {
	INPUT,
	OUTPUT,
	FORWARD,
	PREROUTING,
	POSTROUTING,
	CHAIN_A,
	CHAIN_B,
	SECURITY_INPUT,
	SECURITY_OUTPUT,
	SECURITY_FORWARD,
	CHAINS
};
#define RULES 6
#define ROUNDS 12000
#define FLOWS 400
#define EPHEMERAL 40000

enum target { LABEL, LABEL_ACCEPT, ACCEPT, RETURN, DROP, NOTHING, JUMP, GO, GO_TO_EMPTY, TARGETS };
enum state_match { ANY_STATE, NEW, ESTABLISHED };

struct rule {
	int proto;             /* an index of protos, or -1 */
	int lo, hi;            /* destination ports; with a protocol only; lo 0: any */
	int sport;             /* of replies, which begin no connection; 0: any */
	const char *from, *to; /* or NULL */
	const char *in, *out;
	bool not_from, not_to, not_ports, not_in, not_out;
	enum state_match state;
	enum target target;
	int label, chain;
};

/* Of one family */
struct chains {
	int family; /* 0: IPv4, 1: IPv6 */
	struct rule v[CHAINS][RULES];
	int n[CHAINS];
};

/* The result for a packet. */
struct state {
	int label; /* -1: none */
	bool dropped, accepted;
	bool reply;        /* the packet is one */
	bool by_sport;     /* the rule of the hook that it passes is by source port */
	bool replies_only; /* such a rule gave the label, or called the chain that did */
};

static const char *const names[CHAINS] = { "INPUT",       "OUTPUT", "FORWARD", "PREROUTING",
					   "POSTROUTING", "A",      "B",       "INPUT",
					   "OUTPUT",      "FORWARD" };
static const char *const nets[2][3] = {
	{ "10.0.0.0/8", "10.1.0.0/16", "192.0.2.1" },
	{ "fd00::/8", "fd00:1::/32", "2001:db8::1" },
};
static const char *const addresses[2][4] = {
	{ "10.0.0.1", "10.1.0.1", "192.0.2.1", "198.51.100.1" },
	{ "fd00::1", "fd00:1::1", "2001:db8::1", "2001:db8::2" },
};
static const char *const ifaces[] = { "lo", "eth0", "eth1", "eth+" };
static const int ports[] = { 22, 80, 443, 8080 };
static const struct {
	const char *name[2];
	int number[2];
} protos[] = {
	{ { "tcp", "tcp" }, { IPPROTO_TCP, IPPROTO_TCP } },
	{ { "udp", "udp" }, { IPPROTO_UDP, IPPROTO_UDP } },
	{ { "icmp", "ipv6-icmp" }, { IPPROTO_ICMP, IPPROTO_ICMPV6 } },
};

static int random_chance(unsigned int *seed, int n)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed / 65536 % n;
}

static void make_target(unsigned int *seed, int chain, struct rule *r)
{
	r->label = random_chance(seed, 5);
	r->target = random_chance(seed, TARGETS);
	if (r->target != JUMP && r->target != GO)
		return;
	if (chain >= CHAIN_B)
		r->target = RETURN;
	else
		r->chain = chain == CHAIN_A || random_chance(seed, 2) ? CHAIN_B : CHAIN_A;
}

static const char *to_plan_iface(unsigned int *seed, bool possible)
{
	return possible && !random_chance(seed, 8) ? ifaces[random_chance(seed, 4)] : NULL;
}

/* In either table */
static bool is_hook_of(int chain, int hook)
{
	return chain == hook || (chain >= SECURITY_INPUT && chain - SECURITY_INPUT == hook);
}

static void make_rule(unsigned int *seed, int family, int chain, struct rule *r)
{
	*r = (struct rule){ .proto = random_chance(seed, 4) - 1 };
	if (r->proto >= 0 && r->proto < 2 && random_chance(seed, 3)) {
		r->lo = ports[random_chance(seed, 4)];
		r->hi = random_chance(seed, 3) ? r->lo : ports[3];
		r->not_ports = !random_chance(seed, 4);
	}
	if (!random_chance(seed, 3)) {
		r->from = nets[family][random_chance(seed, 3)];
		r->not_from = !random_chance(seed, 3);
	}
	if (!random_chance(seed, 3)) {
		r->to = nets[family][random_chance(seed, 3)];
		r->not_to = !random_chance(seed, 3);
	}
	/* iptables refuses these of a hook without such an interface, but not of chains */
	r->in = to_plan_iface(seed, !is_hook_of(chain, OUTPUT) && chain != POSTROUTING);
	r->out = to_plan_iface(seed, !is_hook_of(chain, INPUT) && chain != PREROUTING);
	r->not_in = r->in && !random_chance(seed, 3);
	r->not_out = r->out && !random_chance(seed, 3);
	make_target(seed, chain, r);
	r->state = random_chance(seed, 8) ? ANY_STATE : NEW;
	if (r->target > LABEL_ACCEPT && !random_chance(seed, 10))
		r->state = ESTABLISHED;
}

/* Makes a rule of replies to the packets of a rule of the other hook. Some say something else of
 * them. */
static void make_reply_rule(unsigned int *seed, struct rule *r, const struct rule *begin)
{
	static const enum target others[] = { LABEL, LABEL_ACCEPT, ACCEPT, RETURN, JUMP };

	*r = *begin;
	r->sport = begin->lo && begin->lo == begin->hi && !begin->not_ports ?
			   begin->lo :
			   ports[random_chance(seed, 4)];
	if (r->proto < 0 || r->proto == 2)
		r->proto = 0;
	r->lo = r->hi = 0;
	r->not_ports = false;
	r->from = begin->to;
	r->not_from = begin->not_to;
	r->to = begin->from;
	r->not_to = begin->not_from;
	r->in = begin->out;
	r->not_in = begin->not_out;
	r->out = begin->in;
	r->not_out = begin->not_in;
	if (r->state == NEW || random_chance(seed, 2))
		r->state = ANY_STATE;
	if (!random_chance(seed, 6))
		r->target = others[random_chance(seed, 5)];
	if (!random_chance(seed, 6))
		r->label = random_chance(seed, 5);
	if (r->target == JUMP && r->chain != CHAIN_A && r->chain != CHAIN_B)
		r->chain = CHAIN_B;
}

/* Replies to the rules of one hook, between the rules of the other one */
static void make_reply_rules(unsigned int *seed, struct chains *c, int hook, int other)
{
	int k;

	if (random_chance(seed, 3) || !c->n[other])
		return;
	for (k = 0; k < c->n[hook]; k++)
		if (!random_chance(seed, 2))
			make_reply_rule(seed, &c->v[hook][k],
					&c->v[other][random_chance(seed, c->n[other])]);
}

static void to_plan_print_iface(char option, const char *name, bool negated, FILE *out)
{
	if (name)
		fprintf(out, "%s -%c %s", negated ? " !" : "", option, name);
}

static void print_rule(const struct rule *r, int family, int chain, FILE *out)
{
	static const char *const targets[] = {
		[ACCEPT] = "ACCEPT",     [RETURN] = "RETURN",
		[DROP] = "DROP",         [NOTHING] = "MARK --set-mark 1",
		[GO_TO_EMPTY] = "EMPTY",
	};

	fprintf(out, "-A %s", names[chain]);
	if (r->from)
		fprintf(out, "%s -s %s", r->not_from ? " !" : "", r->from);
	if (r->to)
		fprintf(out, "%s -d %s", r->not_to ? " !" : "", r->to);
	to_plan_print_iface('i', r->in, r->not_in, out);
	to_plan_print_iface('o', r->out, r->not_out, out);
	if (r->proto >= 0)
		fprintf(out, " -p %s -m %s", protos[r->proto].name[family],
			r->proto == 2 ? "icmp" : protos[r->proto].name[family]);
	if (r->lo)
		fprintf(out, "%s --dport %d:%d", r->not_ports ? " !" : "", r->lo, r->hi);
	if (r->sport)
		fprintf(out, " --sport %d", r->sport);
	if (r->state != ANY_STATE)
		fprintf(out, " -m conntrack --ctstate %s",
			r->state == NEW ? "NEW" : "RELATED,ESTABLISHED");
	if (r->target == LABEL)
		fprintf(out, " -j SECMARK --selctx u:r:t%d_t", r->label);
	else if (r->target == LABEL_ACCEPT)
		fprintf(out, " -j SECMARK2 --selctx u:r:t%d_t --save --accept", r->label);
	else
		fprintf(out, " -%c %s", r->target == GO || r->target == GO_TO_EMPTY ? 'g' : 'j',
			r->target == JUMP || r->target == GO ? names[r->chain] :
							       targets[r->target]);
	fputc('\n', out);
}

static bool is_in(const char *text, bool negated, const struct net *address)
{
	struct net net;
	struct err err;

	if (!text)
		return true;
	assert_int_equal(net_parse(text, &net, &err), 0);
	return net_contains(&net, address) != negated;
}

/* As ip_packet_match() of the kernel. A packet without such an interface has an empty name. */
static bool is_iface(const char *pattern, bool negated, const char *name)
{
	size_t n;

	if (!pattern)
		return true;
	n = strcspn(pattern, "+");
	return (strncmp(pattern, name, pattern[n] ? n : IFNAMSIZ) != 0) == negated;
}

static bool rule_fits_flow(const struct rule *r, int family, const struct flow *flow, bool reply)
{
	if (r->state == (reply ? NEW : ESTABLISHED) || (r->sport && r->sport != flow->sport) ||
	    (r->proto >= 0 && flow->proto != protos[r->proto].number[family]))
		return false;
	if (r->lo && (flow->dport >= r->lo && flow->dport <= r->hi) == r->not_ports)
		return false;
	return is_in(r->from, r->not_from, &flow->src) && is_in(r->to, r->not_to, &flow->dst) &&
	       is_iface(r->in, r->not_in, flow->in) && is_iface(r->out, r->not_out, flow->out);
}

/* As the kernel does it. */
static void pass_chain(const struct chains *c, int chain, const struct flow *flow, struct state *s)
{
	bool hook = chain != CHAIN_A && chain != CHAIN_B;
	const struct rule *r;

	for (r = c->v[chain]; r < c->v[chain] + c->n[chain] && !s->dropped && !s->accepted; r++) {
		if (!rule_fits_flow(r, c->family, flow, s->reply))
			continue;
		if (hook)
			s->by_sport = r->sport;
		if (r->target == GO)
			pass_chain(c, r->chain, flow, s);
		/* a chain that was gone to returns to where this one was called */
		if (r->target == RETURN || r->target == GO || r->target == GO_TO_EMPTY)
			return;
		if (r->target <= LABEL_ACCEPT) {
			s->label = r->label;
			s->replies_only = s->by_sport;
		}
		if (r->target == JUMP)
			pass_chain(c, r->chain, flow, s);
		s->dropped = s->dropped || r->target == DROP;
		s->accepted = s->accepted || r->target == ACCEPT || r->target == LABEL_ACCEPT;
	}
}

/* A packet passes the hooks of its way. An interface is known only from its hook on. */
static void pass_hooks(const struct chains *c, const struct flow *flow, struct state *s)
{
	static const int ways[][4] = {
		[FLOW_IN] = { PREROUTING, INPUT, SECURITY_INPUT, -1 },
		[FLOW_OUT] = { OUTPUT, SECURITY_OUTPUT, POSTROUTING, -1 },
		[FLOW_FORWARD] = { PREROUTING, FORWARD, SECURITY_FORWARD, POSTROUTING },
	};
	struct flow here;
	int i, hook;

	for (i = 0; i < 4 && (hook = ways[flow->dir][i]) >= 0 && !s->dropped; i++) {
		here = *flow;
		if (hook == PREROUTING)
			here.out[0] = '\0';
		if (hook == POSTROUTING)
			here.in[0] = '\0';
		s->accepted = false;
		pass_chain(c, hook, &here, s);
	}
}

/* The other direction */
static struct flow to_plan_reply(const struct flow *flow)
{
	struct flow reply = *flow;

	reply.dir = flow->dir == FLOW_IN ? FLOW_OUT : FLOW_IN;
	reply.src = flow->dst;
	reply.dst = flow->src;
	reply.sport = flow->dport;
	reply.dport = flow->sport;
	strcpy(reply.in, flow->out);
	strcpy(reply.out, flow->in);
	return reply;
}

static void to_plan_expect(const struct flow *flow, const char *what, int rules,
			   const struct plan_line *line, const char *dump, const char *text)
{
	char label[16], src[NET_STRLEN], dst[NET_STRLEN];

	snprintf(label, sizeof(label), "u:r:t%d_t", rules);
	if (rules < 0 ? !line : line && !strcmp(line->label.text, label))
		return;
	/* cmocka cuts long messages */
	fprintf(stderr, "%s\n%s\n", dump, text);
	fail_msg("%s: %s to %s in '%s' out '%s' proto %d port %d: '%s' from the rules, '%s' from "
		 "the plan",
		 what, net_format(&flow->src, src), net_format(&flow->dst, dst), flow->in,
		 flow->out, flow->proto, flow->dport, rules < 0 ? "nothing" : label,
		 line ? line->text : "nothing");
}

/* The first packet, and the reply to it. A rule by source port must not have said something else
 * of the reply: the connection keeps its label. */
static void to_plan_compare(const struct chains *c, const struct plan *plan,
			    const struct flow *flow, const char *dump, const char *text)
{
	struct state s = { .label = -1 }, back = { .label = -1, .reply = true };
	const struct plan_line *line;
	struct flow reply;

	pass_hooks(c, flow, &s);
	if (s.dropped)
		return;
	line = lookup(plan, flow);
	to_plan_expect(flow, "first packet", s.label, line, dump, text);
	if (flow->dir == FLOW_FORWARD)
		return;
	reply = to_plan_reply(flow);
	pass_hooks(c, &reply, &back);
	if (!back.dropped && back.replies_only)
		to_plan_expect(flow, "reply", back.label, line, dump, text);
}

/* A flow of the family. A + in the name of an interface is only another letter. */
static struct flow to_plan_flow(unsigned int *seed, int family)
{
	static const enum flow_dir dirs[] = { FLOW_IN, FLOW_OUT, FLOW_FORWARD };
	int proto = random_chance(seed, 3);
	struct flow flow = {
		.dir = dirs[random_chance(seed, 3)],
		.proto = protos[proto].number[family],
		.sport = proto < 2 ? EPHEMERAL : 0,
		.dport = proto < 2 ? ports[random_chance(seed, 4)] : 0,
	};
	struct err err;

	assert_int_equal(net_parse(addresses[family][random_chance(seed, 4)], &flow.src, &err), 0);
	assert_int_equal(net_parse(addresses[family][random_chance(seed, 4)], &flow.dst, &err), 0);
	if (flow.dir != FLOW_OUT)
		strcpy(flow.in, ifaces[random_chance(seed, 4)]);
	if (flow.dir != FLOW_IN)
		strcpy(flow.out, ifaces[random_chance(seed, 4)]);
	return flow;
}

static void to_plan_compare_all(unsigned int *seed, const struct chains families[2],
				const char *text, const char *dump)
{
	struct diag diag = { 0 };
	struct plan plan;
	struct flow flow;
	int i;

	if (plan_parse("plan", text, strlen(text), &plan, &diag))
		fail_msg("%s: not a plan:\n%s\n%s", diag.v[0].what, text, dump);
	for (i = 0; i < FLOWS; i++) {
		flow = to_plan_flow(seed, i % 2);
		to_plan_compare(&families[i % 2], &plan, &flow, dump, text);
	}
	plan_free(&plan);
	diag_free(&diag);
}

static void make_chains(unsigned int *seed, struct chains *c, FILE *out)
{
	int i, k;

	for (i = 0; i < CHAINS; i++) {
		/* few have rules in all hooks */
		c->n[i] = random_chance(seed, i == CHAIN_A || i == CHAIN_B ? 1 : 3) ?
				  0 :
				  1 + random_chance(seed, RULES);
		for (k = 0; k < c->n[i]; k++)
			make_rule(seed, c->family, i, &c->v[i][k]);
	}
	make_reply_rules(seed, c, INPUT, OUTPUT);
	make_reply_rules(seed, c, OUTPUT, INPUT);
	make_reply_rules(seed, c, SECURITY_INPUT, SECURITY_OUTPUT);
	fprintf(out, "# Generated by ip%stables-save\n*mangle\n", c->family ? "6" : "");
	for (i = 0; i < CHAINS; i++) {
		if (i == SECURITY_INPUT)
			fputs("COMMIT\n*security\n", out);
		for (k = 0; k < c->n[i]; k++)
			print_rule(&c->v[i][k], c->family, i, out);
	}
	fputs("COMMIT\n", out);
}

/* Returns whether these chains could be converted. */
static bool one_round(unsigned int *seed)
{
	struct diag diag = { 0 };
	struct chains c[2];
	struct dump dump;
	char *rules, *text;
	size_t len;
	FILE *out = open_memstream(&rules, &len);
	bool converted;
	int i;

	assert_non_null(out);
	for (i = 0; i < 2; i++) {
		c[i] = (struct chains){ .family = i };
		make_chains(seed, &c[i], out);
	}
	fclose(out);
	assert_int_equal(dump_read("dump", rules, len, &dump, &diag), 0);
	text = dump_to_plan(&dump, 1, &diag);
	converted = !diag.errors;
	if (converted)
		to_plan_compare_all(seed, c, text, rules);
	dump_free(&dump);
	diag_free(&diag);
	free(rules);
	free(text);
	return converted;
}

static void the_plan_labels_as_the_chains_did(void **state)
{
	unsigned int seed = 1, converted = 0;
	int i;

	(void)state;
	for (i = 0; i < ROUNDS; i++)
		converted += one_round(&seed);
	print_message("%u of %d could be converted\n", converted, ROUNDS);
	/* else it would be easy */
	assert_true(converted > ROUNDS / 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_plan_labels_as_the_chains_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
