// SPDX-License-Identifier: GPL-2.0-only
/* What the arithmetic of matches says holds for each of many packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "dump/match.h"
#include "packet/flow.h"

#define PAIRS 20000

static unsigned int seed = 1;

static unsigned int test_match_random(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return seed / 65536 % n;
}

static struct net some_net(const char *const *texts, unsigned int n)
{
	struct net net;
	struct err err;

	assert_int_equal(net_parse(texts[test_match_random(n)], &net, &err), 0);
	return net;
}

static void some_nets(struct match_nets *nets)
{
	static const char *const texts[] = { "10.0.0.0/8",   "10.1.0.0/16", "10.1.2.3",
					     "192.0.2.0/24", "192.0.2.1",   "10.2.0.0/16" };
	static const unsigned int lengths[] = { 0, 0, 0, 1, 1, 2, 3 };
	unsigned int i = lengths[test_match_random(7)];
	struct net net;

	for (; i > 0; i--) {
		net = some_net(texts, 6);
		match_nets_add(nets, &net);
	}
	nets->negated = nets->n && !test_match_random(3);
}

static void some_iface(struct plan_iface *iface)
{
	static const char *const names[] = { "eth0", "eth1", "eth+", "lo" };

	if (test_match_random(3))
		return;
	strcpy(iface->name, names[test_match_random(4)]);
	iface->negated = test_match_random(2);
}

static void some_match(struct dump_match *m)
{
	unsigned int i, lo;

	*m = (struct dump_match){ .family = AF_INET };
	if (test_match_random(2))
		m->proto = test_match_random(2) ? IPPROTO_TCP : IPPROTO_UDP;
	for (i = test_match_random(3); m->proto && i > 0; i--) {
		lo = test_match_random(10);
		assert_int_equal(ports_add(&m->ports, lo, lo + test_match_random(4)), 0);
	}
	if (m->proto && !test_match_random(10))
		assert_int_equal(ports_complement(&m->ports), 0);
	some_nets(&m->from);
	some_nets(&m->to);
	some_iface(&m->in);
	some_iface(&m->out);
}

static void some_flow(struct flow *flow)
{
	static const char *const addresses[] = { "10.0.0.1",  "10.1.0.1",  "10.1.2.3",
						 "192.0.2.1", "192.0.2.2", "10.2.0.1" };
	static const char *const names[] = { "eth0", "eth1", "eth2", "lo", "wlan0" };

	*flow = (struct flow){ .proto = test_match_random(2) ? IPPROTO_TCP : IPPROTO_UDP,
			       .dport = test_match_random(14) };
	flow->src = some_net(addresses, 6);
	flow->dst = some_net(addresses, 6);
	strcpy(flow->in, names[test_match_random(5)]);
	strcpy(flow->out, names[test_match_random(5)]);
}

static bool is_one_of_nets(const struct match_nets *nets, const struct net *address)
{
	bool found = false;
	size_t i;

	for (i = 0; i < nets->n; i++)
		found = found || net_contains(&nets->v[i], address);
	return !nets->n || found != nets->negated;
}

static bool has_iface(const struct plan_iface *iface, const char *name)
{
	size_t n = strcspn(iface->name, "+");
	bool same = iface->name[n] ? !strncmp(iface->name, name, n) : !strcmp(iface->name, name);

	return !*iface->name || same != iface->negated;
}

static bool matches(const struct dump_match *m, const struct flow *flow)
{
	return !m->never && (!m->proto || m->proto == flow->proto) &&
	       (!m->ports.n || ports_has(&m->ports, flow->dport)) &&
	       is_one_of_nets(&m->from, &flow->src) && is_one_of_nets(&m->to, &flow->dst) &&
	       has_iface(&m->in, flow->in) && has_iface(&m->out, flow->out);
}

/* How often each answer was given: an answer that is never "yes" proves nothing. */
struct answers {
	unsigned int both, without, within, apart, same;
};

static void compare_pair(const struct dump_match *a, const struct dump_match *b,
			 struct answers *yes)
{
	struct dump_match both, rest;
	bool within = dump_match_within(a, b), apart = dump_match_apart(a, b),
	     same = dump_match_same(a, b), can_say;
	struct flow flow;
	int i;

	dump_match_and(a, b, &both);
	dump_match_copy(&rest, a);
	can_say = dump_match_minus(&rest, b);
	for (i = 0; i < 40; i++) {
		some_flow(&flow);
		bool in_a = matches(a, &flow), in_b = matches(b, &flow);

		/* with a problem, it is the match of more packets */
		if (!both.problem.line)
			assert_int_equal(matches(&both, &flow), in_a && in_b);
		assert_false(in_a && in_b && !matches(&both, &flow));
		assert_int_equal(matches(&rest, &flow), can_say ? in_a && !in_b : in_a);
		assert_false(within && in_a && !in_b);
		assert_false(apart && in_a && in_b);
		assert_false(same && in_a != in_b);
	}
	yes->both += !both.problem.line && !both.never;
	yes->without += can_say && !apart && !rest.never;
	yes->within += within;
	yes->apart += apart;
	yes->same += same;
	dump_match_free(&both);
	dump_match_free(&rest);
}

static void what_is_said_of_two_matches_holds_for_packets(void **state)
{
	struct answers yes = { 0 };
	struct dump_match a, b;
	int i;

	(void)state;
	for (i = 0; i < PAIRS; i++) {
		some_match(&a);
		some_match(&b);
		compare_pair(&a, &b, &yes);
		dump_match_free(&a);
		dump_match_free(&b);
	}
	assert_in_range(yes.both, PAIRS / 5, PAIRS);
	assert_in_range(yes.without, PAIRS / 50, PAIRS);
	assert_in_range(yes.within, PAIRS / 100, PAIRS);
	assert_in_range(yes.apart, PAIRS / 5, PAIRS);
	assert_in_range(yes.same, PAIRS / 1000, PAIRS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_of_two_matches_holds_for_packets),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
