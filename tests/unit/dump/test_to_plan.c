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

#define CHAINS 3
#define RULES 5
#define ROUNDS 3000

enum target { LABEL, ACCEPT, RETURN, DROP, NOTHING, JUMP, GO, GO_TO_EMPTY, TARGETS };

struct rule {
	const char *proto;     /* or NULL */
	int lo, hi;            /* destination ports; with a protocol only; lo 0: any */
	const char *from, *to; /* or NULL */
	const char *in;
	bool not_from, not_to, not_ports;
	bool established; /* not for what begins a connection */
	enum target target;
	int label, chain;
};

/* Of one family */
struct chains {
	int family;   /* 0: IPv4, 1: IPv6 */
	bool forward; /* the first one is FORWARD, else INPUT */
	struct rule v[CHAINS][RULES];
	int n[CHAINS];
};

/* The result for a packet. */
struct state {
	int label; /* -1: none */
	bool dropped, accepted;
};

static const char *const names[CHAINS] = { NULL, "A", "B" };
static const char *const nets[2][3] = {
	{ "10.0.0.0/8", "10.1.0.0/16", "192.0.2.1" },
	{ "fd00::/8", "fd00:1::/32", "2001:db8::1" },
};
static const char *const addresses[2][4] = {
	{ "10.0.0.1", "10.1.0.1", "192.0.2.1", "198.51.100.1" },
	{ "fd00::1", "fd00:1::1", "2001:db8::1", "2001:db8::2" },
};
static const int ports[] = { 22, 80, 443, 8080 };

static int random_chance(unsigned int *seed, int n)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed / 65536 % n;
}

static void make_rule(unsigned int *seed, int family, int chain, struct rule *r)
{
	*r = (struct rule){ .label = random_chance(seed, 5) };
	if (random_chance(seed, 3)) {
		r->proto = random_chance(seed, 3) ? "tcp" : "udp";
		if (random_chance(seed, 3)) {
			r->lo = ports[random_chance(seed, 4)];
			r->hi = random_chance(seed, 3) ? r->lo : ports[3];
			r->not_ports = !random_chance(seed, 4);
		}
	}
	if (!random_chance(seed, 3)) {
		r->from = nets[family][random_chance(seed, 3)];
		r->not_from = !random_chance(seed, 3);
	}
	if (!random_chance(seed, 3)) {
		r->to = nets[family][random_chance(seed, 3)];
		r->not_to = !random_chance(seed, 3);
	}
	if (!random_chance(seed, 6))
		r->in = "eth0";
	r->established = !random_chance(seed, 10);
	r->target = random_chance(seed, TARGETS);
	if ((r->target == JUMP || r->target == GO) && chain + 1 == CHAINS)
		r->target = LABEL;
	if (r->target == LABEL)
		r->established = false;
	if (r->target == JUMP || r->target == GO)
		r->chain = chain + 1 + random_chance(seed, CHAINS - chain - 1);
}

static const char *chain_name(const struct chains *c, int chain)
{
	if (chain)
		return names[chain];
	return c->forward ? "FORWARD" : "INPUT";
}

static void print_rule(const struct rule *r, const char *chain, FILE *out)
{
	static const char *const targets[] = {
		[ACCEPT] = "ACCEPT",     [RETURN] = "RETURN",
		[DROP] = "DROP",         [NOTHING] = "MARK --set-mark 1",
		[GO_TO_EMPTY] = "EMPTY",
	};

	fprintf(out, "-A %s", chain);
	if (r->from)
		fprintf(out, "%s -s %s", r->not_from ? " !" : "", r->from);
	if (r->to)
		fprintf(out, "%s -d %s", r->not_to ? " !" : "", r->to);
	if (r->in)
		fprintf(out, " -i %s", r->in);
	if (r->proto)
		fprintf(out, " -p %s -m %s", r->proto, r->proto);
	if (r->lo)
		fprintf(out, "%s --dport %d:%d", r->not_ports ? " !" : "", r->lo, r->hi);
	if (r->established)
		fputs(" -m conntrack --ctstate RELATED,ESTABLISHED", out);
	if (r->target == LABEL)
		fprintf(out, " -j SECMARK --selctx u:r:t%d_t", r->label);
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

static bool rule_fits_flow(const struct rule *r, const struct flow *flow)
{
	if (r->established ||
	    (r->proto && flow->proto != (strcmp(r->proto, "tcp") ? IPPROTO_UDP : IPPROTO_TCP)) ||
	    (r->in && strcmp(r->in, flow->in)))
		return false;
	if (r->lo && (flow->dport >= r->lo && flow->dport <= r->hi) == r->not_ports)
		return false;
	return is_in(r->from, r->not_from, &flow->src) && is_in(r->to, r->not_to, &flow->dst);
}

/* As the kernel does it. */
static void pass_chain(const struct chains *c, int chain, const struct flow *flow, struct state *s)
{
	const struct rule *r;

	for (r = c->v[chain]; r < c->v[chain] + c->n[chain] && !s->dropped && !s->accepted; r++) {
		if (!rule_fits_flow(r, flow))
			continue;
		if (r->target == GO)
			pass_chain(c, r->chain, flow, s);
		/* a chain that was gone to returns to where this one was called */
		if (r->target == RETURN || r->target == GO || r->target == GO_TO_EMPTY)
			return;
		if (r->target == LABEL)
			s->label = r->label;
		if (r->target == JUMP)
			pass_chain(c, r->chain, flow, s);
		s->dropped = s->dropped || r->target == DROP;
		s->accepted = s->accepted || r->target == ACCEPT;
	}
}

static void to_plan_compare(const struct chains *c, const struct plan *plan,
			    const struct flow *flow, const char *dump, const char *text)
{
	struct state s = { .label = -1 };
	const struct plan_line *line;
	char label[16];

	pass_chain(c, 0, flow, &s);
	if (s.dropped)
		return;
	line = lookup(plan, flow);
	snprintf(label, sizeof(label), "u:r:t%d_t", s.label);
	if (s.label < 0 ? line != NULL : !line || strcmp(line->label.text, label))
		fail_msg("proto %d port %d: '%s' from these rules, '%s' from the plan:\n%s\n%s",
			 flow->proto, flow->dport, s.label < 0 ? "nothing" : label,
			 line ? line->text : "nothing", dump, text);
}

/* One of many flows, of the family and the side of the chains */
static struct flow make_flow(const struct chains *c, unsigned int i)
{
	struct flow flow = {
		.dir = c->forward ? FLOW_FORWARD : FLOW_IN,
		.proto = i & 1 ? IPPROTO_TCP : IPPROTO_UDP,
		.dport = ports[i >> 1 & 3],
	};
	struct err err;

	assert_int_equal(net_parse(addresses[c->family][i >> 3 & 3], &flow.src, &err), 0);
	assert_int_equal(net_parse(addresses[c->family][i >> 5 & 3], &flow.dst, &err), 0);
	strcpy(flow.in, i >> 7 & 1 ? "eth0" : "eth1");
	if (c->forward)
		strcpy(flow.out, "eth2");
	return flow;
}

#define FLOWS (2 * 4 * 4 * 4 * 2)

static void to_plan_compare_all(const struct chains families[2], const char *text, const char *dump)
{
	struct diag diag = { 0 };
	struct plan plan;
	struct flow flow;
	unsigned int i;

	assert_int_equal(plan_parse("plan", text, strlen(text), &plan, &diag), 0);
	for (i = 0; i < 2 * FLOWS; i++) {
		flow = make_flow(&families[i / FLOWS], i % FLOWS);
		to_plan_compare(&families[i / FLOWS], &plan, &flow, dump, text);
	}
	plan_free(&plan);
	diag_free(&diag);
}

static void make_chains(unsigned int *seed, struct chains *c, FILE *out)
{
	int i, k;

	fprintf(out, "# Generated by ip%stables-save\n*mangle\n", c->family ? "6" : "");
	for (i = 0; i < CHAINS; i++) {
		c->n[i] = 1 + random_chance(seed, RULES);
		for (k = 0; k < c->n[i]; k++) {
			make_rule(seed, c->family, i, &c->v[i][k]);
			print_rule(&c->v[i][k], chain_name(c, i), out);
		}
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
	bool converted, forward = random_chance(seed, 2);
	int i;

	assert_non_null(out);
	for (i = 0; i < 2; i++) {
		c[i] = (struct chains){ .family = i, .forward = forward };
		make_chains(seed, &c[i], out);
	}
	fclose(out);
	assert_int_equal(dump_read("dump", rules, len, &dump, &diag), 0);
	text = dump_to_plan(&dump, 1, &diag);
	converted = !diag.errors;
	if (converted)
		to_plan_compare_all(c, text, rules);
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
	/* else it would be easy */
	assert_true(converted > ROUNDS / 3 * 2);
	print_message("%u of %d could be converted\n", converted, ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_plan_labels_as_the_chains_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
