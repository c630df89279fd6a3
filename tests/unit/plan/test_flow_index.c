// SPDX-License-Identifier: GPL-2.0-only
/* The index of a plan finds the same line as a search through all lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "packet/flow.h"
#include "plan/flow_index.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "support/random_plan.h"

/* Hides some of the parts that a conntrack entry, or a question without options, does not tell. */
static void blur_flow(unsigned int *seed, struct flow *flow)
{
	if (random_below(seed, 2))
		flow->in[0] = flow->out[0] = '\0';
	else if (random_below(seed, 4) == 0)
		flow->in[0] = '\0';
	flow->not_lo = !*flow->in && !*flow->out && random_below(seed, 2);
	if (random_below(seed, 8) == 0)
		flow->src = (struct net){ .family = flow->src.family };
}

static const char *text_or_none(const struct plan_line *line)
{
	return line ? line->text : "none";
}

static void expect_same_line(const struct plan_line *found, const struct plan_line *wanted)
{
	if (found != wanted)
		fail_msg("'%s' in place of '%s'", text_or_none(found), text_or_none(wanted));
}

static void compare_lookups(const struct plan *plan, unsigned int *seed, unsigned int n_flows,
			    void (*make)(unsigned int *seed, struct flow *flow))
{
	struct plan indexed = *plan;
	struct flow flow;
	enum side side;

	indexed.flow_index = flow_index_new(plan);
	for (side = 0; side < SIDES; side++)
		assert_int_equal(plan_has_side(&indexed, side), plan_has_side(plan, side));
	while (n_flows--) {
		make(seed, &flow);
		blur_flow(seed, &flow);
		expect_same_line(lookup(&indexed, &flow), lookup(plan, &flow));
		expect_same_line(lookup_possible(&indexed, &flow), lookup_possible(plan, &flow));
	}
	flow_index_free(indexed.flow_index);
}

static void an_index_finds_the_line_of_each_flow(void **state)
{
	unsigned int seed = random_seed(), i;
	struct plan plan;

	(void)state;
	for (i = 0; i < 400; i++) {
		random_plan(&seed, RANDOM_FORWARD | RANDOM_OUT_IFACE, &plan);
		compare_lookups(&plan, &seed, 200, random_flow);
		plan_free(&plan);
	}
}

/* 10.0.0.0 or fd00::, some of whose first bits are the other way round */
static void wide_address(unsigned int *seed, unsigned int six, struct net *net)
{
	unsigned int bits = six ? 128 : 32, i;

	*net = (struct net){ .family = six ? AF_INET6 : AF_INET, .len = bits };
	net->addr[0] = six ? 0xfd : 10;
	for (i = random_below(seed, 4); i; i--)
		net->addr[1 + random_below(seed, bits / 8 - 1)] ^= 1u << random_below(seed, 8);
}

static void put_wide_nets(unsigned int *seed, FILE *out, const char *word)
{
	unsigned int n = 1 + random_below(seed, 12), negated = random_below(seed, 8) == 0, i;
	char text[NET_STRLEN];
	struct net net;

	fprintf(out, " %s %s", word, negated ? "!" : "");
	for (i = 0; i < n; i++) {
		unsigned int six = random_below(seed, 2), bit, len;

		wide_address(seed, six, &net);
		/* a line that negates all addresses is an error */
		len = negated + random_below(seed, net.len + 1 - negated);
		for (bit = len; bit < net.len; bit++)
			net.addr[bit / 8] &= ~(0x80 >> bit % 8);
		net.len = len;
		fprintf(out, "%s%s", i ? "," : "", net_format(&net, text));
	}
}

static void put_wide_ports(unsigned int *seed, FILE *out)
{
	unsigned int n = random_below(seed, 6), i, lo;

	for (i = 0; i < n; i++) {
		lo = random_below(seed, 1000);
		fprintf(out, "%s%u-%u", i ? "," : " ", lo, lo + random_below(seed, 64536));
	}
}

/* More keys for each line, and more shapes of keys, than an index makes */
static void wide_plan(unsigned int *seed, struct plan *plan)
{
	static const char *const sides[] = { "server", "client", "forward" };
	unsigned int i, side;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (i = 0; i < 200; i++) {
		side = random_below(seed, 3);
		fprintf(out, "%s l%u_t %s", sides[side], i, random_below(seed, 2) ? "tcp" : "udp");
		put_wide_ports(seed, out);
		/* networks of both families, so that the lists have one in common */
		if (random_below(seed, 2)) {
			put_wide_nets(seed, out, "from");
			fputs(",10.255.0.0/16,fd01::/16", out);
		}
		if (random_below(seed, 2)) {
			put_wide_nets(seed, out, "to");
			fputs(",10.255.0.0/16,fd01::/16", out);
		}
		if (random_below(seed, 4) == 0)
			fprintf(out, " %s eth%u", side == 2 ? "in" : "on", random_below(seed, 3));
		if (side == 2 && random_below(seed, 4) == 0)
			fprintf(out, " out eth%u", random_below(seed, 3));
		fputc('\n', out);
	}
	fclose(out);
	plan_of(text, len, plan);
	free(text);
}

static void wide_flow(unsigned int *seed, struct flow *flow)
{
	unsigned int six = random_below(seed, 2);

	random_flow(seed, flow);
	flow->proto = random_below(seed, 2) ? IPPROTO_TCP : IPPROTO_UDP;
	wide_address(seed, six, &flow->src);
	wide_address(seed, six, &flow->dst);
	flow->sport = random_below(seed, 65536);
	flow->dport = random_below(seed, 65536);
}

static void an_index_that_leaves_parts_out_finds_it_too(void **state)
{
	unsigned int seed = random_seed(), i;
	struct plan plan;

	(void)state;
	for (i = 0; i < 40; i++) {
		wide_plan(&seed, &plan);
		compare_lookups(&plan, &seed, 1000, wide_flow);
		plan_free(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_index_finds_the_line_of_each_flow),
		cmocka_unit_test(an_index_that_leaves_parts_out_finds_it_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
