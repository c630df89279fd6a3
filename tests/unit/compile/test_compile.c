// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "compile/compile.h"
#include "compile/dispatch.h"
#include "packet/flow.h"
#include "packet/tunnel.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "support/cpu_clock.h"
#include "support/random_plan.h"

#define PLANS 400
#define FLOWS 200

static struct dispatch compiled_plan(const struct plan *plan)
{
	struct dispatch d;
	struct err err;

	assert_int_equal(compile(plan, &d, &err), 0);
	return d;
}

/* Evaluates the conditions of a decision, except protocol and ports, with the plan's own lookup on
 * one line. */
static bool asked_line_fits(const struct plan_line *line, const struct flow *flow)
{
	struct plan_line alone = *line;
	struct plan one = { .lines = &alone, .n_lines = 1 };
	struct flow f = *flow;

	alone.proto = 0;
	alone.ports = (struct ports){ 0 };
	f.stray = false;
	f.dir = line->side == SIDE_SERVER ? FLOW_IN :
		line->side == SIDE_CLIENT ? FLOW_OUT :
					    FLOW_FORWARD;
	return lookup(&one, &f) != NULL;
}

static const struct plan_line *decided_line(const struct dispatch *d, enum side side,
					    const struct flow *flow)
{
	const struct dispatch_side *s = &d->side[side][flow->src.family == AF_INET6];
	const struct dispatch_decision *x =
		&s->decisions[dispatch_find(s, flow->proto, flow->dport)];
	size_t i;

	for (i = 0; i < x->n; i++)
		if ((x->final && i == x->n - 1) || asked_line_fits(x->lines[i], flow))
			return x->lines[i];
	return NULL;
}

/* Does the port of one end only tell that a stray packet is a client's? 1: its source's; -1: its
 * destination's */
static int client_by_ports(const struct plan *plan, const struct flow *flow)
{
	const struct port_range *p = &plan->client_ports;
	bool src = port_range_has(p, flow->sport), dst = port_range_has(p, flow->dport);

	if (!flow->stray || flow->proto != IPPROTO_TCP || src == dst ||
	    (src ? flow->dport : flow->sport) == FTP_DATA_PORT)
		return 0;
	return src ? 1 : -1;
}

static const struct plan_line *by_dispatch(const struct plan *plan, const struct dispatch *d,
					   const struct flow *flow)
{
	static const enum side sides[] = { SIDE_SERVER, SIDE_CLIENT, SIDE_FORWARD };
	bool forward = flow->dir == FLOW_FORWARD;
	struct flow back = flow_turned(flow);
	const struct flow *first = flow->dir == FLOW_OUT ? &back : flow;
	const struct flow *second = flow->dir == FLOW_OUT ? flow : &back;
	int client = client_by_ports(plan, first);
	enum side side = sides[flow->dir];
	const struct plan_line *line;

	back.any_iface = forward;
	if (!flow->stray)
		line = decided_line(d, side, flow);
	else
		line = decided_line(d, forward ? side : SIDE_SERVER, first);
	if (!line && flow->stray && client != 1)
		line = decided_line(d, forward ? side : SIDE_CLIENT, second);
	if (!forward && client)
		side = client == 1 ? SIDE_SERVER : SIDE_CLIENT;
	if (!line && !forward && tunnel_has_proto(flow->proto))
		return NULL;
	return line ? line : d->side[side][flow->src.family == AF_INET6].dflt;
}

static const char *context_or_none(const struct plan_line *line)
{
	return line ? line->label.context : "none";
}

static void segments_say_what_the_plan_says(void **state)
{
	unsigned int seed = random_seed(), i, j;
	struct dispatch d;
	struct plan plan;
	struct flow flow;

	(void)state;
	for (i = 0; i < PLANS; i++) {
		random_plan(&seed, RANDOM_FORWARD | RANDOM_OUT_IFACE, &plan);
		d = compiled_plan(&plan);
		for (j = 0; j < FLOWS; j++) {
			random_flow(&seed, &flow);
			assert_string_equal(context_or_none(by_dispatch(&plan, &d, &flow)),
					    context_or_none(lookup(&plan, &flow)));
		}
		dispatch_free(&d);
		plan_free(&plan);
	}
}

/* Sorted, disjoint, neighbours differ, no decision twice, and only the last line of one asks for
 * nothing. */
static void check_side(const struct dispatch_side *s, enum dispatch_family family)
{
	size_t i, j;

	assert_int_equal(s->protos[s->n_protos - 1].proto, 0);
	for (i = 0; i < s->n_protos; i++) {
		const struct dispatch_segment *v = s->protos[i].v;

		for (j = 0; j < s->protos[i].n; j++) {
			assert_true(v[j].lo <= v[j].hi);
			assert_int_not_equal(v[j].decision, DISPATCH_NONE);
			assert_true(!j || v[j - 1].hi < v[j].lo);
			if (j && v[j - 1].hi + 1 == v[j].lo)
				assert_int_not_equal(v[j - 1].decision, v[j].decision);
		}
	}
	for (i = 0; i < s->n_decisions; i++)
		for (j = 0; j < s->decisions[i].n; j++)
			assert_int_equal(dispatch_fit(s->decisions[i].lines[j], family),
					 s->decisions[i].final && j == s->decisions[i].n - 1 ?
						 DISPATCH_ALWAYS :
						 DISPATCH_SOMETIMES);
}

static void segments_are_in_order(void **state)
{
	unsigned int seed = random_seed(), i, side, family;
	struct dispatch d;
	struct plan plan;

	(void)state;
	for (i = 0; i < PLANS; i++) {
		random_plan(&seed, RANDOM_FORWARD | RANDOM_OUT_IFACE, &plan);
		d = compiled_plan(&plan);
		for (side = 0; side < SIDES; side++)
			for (family = 0; family < DISPATCH_FAMILIES; family++)
				check_side(&d.side[side][family], family);
		dispatch_free(&d);
		plan_free(&plan);
	}
}

/* The segments of TCP in a server's plan, as "LO-HI:LABEL/LINES ..." */
static void print_segments(const char *text, char *out, size_t size)
{
	const struct dispatch_side *s;
	struct dispatch d;
	struct plan plan;
	size_t i, used = 0;

	plan_of(text, strlen(text), &plan);
	d = compiled_plan(&plan);
	s = &d.side[SIDE_SERVER][DISPATCH_IPV4];
	out[0] = '\0';
	for (i = 0; i < s->protos[0].n; i++) {
		const struct dispatch_segment *seg = &s->protos[0].v[i];
		const struct dispatch_decision *x = &s->decisions[seg->decision];

		used += snprintf(out + used, size - used, "%s%u-%u:%s/%zu", i ? " " : "", seg->lo,
				 seg->hi, x->lines[x->n - 1]->label.text, x->n);
	}
	dispatch_free(&d);
	plan_free(&plan);
}

static const struct {
	const char *text;
	const char *segments;
} merged[] = {
	/* the first line wins; the rest of a later line remains at its ends */
	{ "server a_t tcp 10-20\nserver b_t tcp 15-30\n", "10-20:a_t/1 21-30:b_t/1" },
	{ "server a_t tcp 10-30\nserver b_t tcp 15-20\n", "10-30:a_t/1" },
	{ "server a_t tcp 15-20\nserver b_t tcp 10-30\n", "10-14:b_t/1 15-20:a_t/1 21-30:b_t/1" },
	/* neighbours with one label are one */
	{ "server a_t tcp 10\nserver a_t tcp 11\n", "10-11:a_t/1" },
	{ "server a_t tcp 65535\nserver a_t tcp 0\n", "0-0:a_t/1 65535-65535:a_t/1" },
	/* a line with conditions stays before the next one, unless both give the same label */
	{ "server a_t tcp 10 from 10.0.0.0/8\nserver b_t tcp 10\n", "10-10:b_t/2" },
	{ "server a_t tcp 10 from 10.0.0.0/8\nserver a_t tcp 10\n", "10-10:a_t/1" },
	{ "server b_t tcp 10\nserver a_t tcp 10 from 10.0.0.0/8\n", "10-10:b_t/1" },
	/* all addresses are no condition; no addresses are no line */
	{ "server a_t tcp 10 from 0.0.0.0/0\n", "10-10:a_t/1" },
	{ "server a_t tcp 10 from !0.0.0.0/0\nserver b_t tcp 11\n", "11-11:b_t/1" },
	{ "server a_t tcp 10 from fd00::/8\nserver b_t tcp 11\n", "11-11:b_t/1" },
	{ "server a_t tcp 10 from !fd00::/8\n", "10-10:a_t/1" },
	/* "any" is there for every port */
	{ "server a_t tcp 10\nserver b_t any\n", "0-9:b_t/1 10-10:a_t/1 11-65535:b_t/1" },
};

static void lines_are_merged(void **state)
{
	char out[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(merged) / sizeof(merged[0]); i++) {
		print_segments(merged[i].text, out, sizeof(out));
		assert_string_equal(out, merged[i].segments);
	}
}

/* A plan of n lines, made by a function. */
static void plan_of_lines(unsigned int n, void (*put)(FILE *out, unsigned int i), struct plan *plan)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	unsigned int i;

	for (i = 0; i < n; i++)
		put(out, i);
	fclose(out);
	plan_of(text, len, plan);
	free(text);
}

static void put_one_port(FILE *out, unsigned int i)
{
	fprintf(out, "server l%u_t tcp %u\n", i % 7, (i * 7919) % 65521);
}

static void ten_thousand_lines_take_no_time(void **state)
{
	double start, took;
	struct dispatch d;
	struct plan plan;

	(void)state;
	plan_of_lines(10000, put_one_port, &plan);
	start = cpu_clock_ms();
	d = compiled_plan(&plan);
	took = cpu_clock_ms() - start;
	printf("# 10,000 lines: %.1f ms\n", took);
	/* 20 without a sanitizer; a quadratic one takes seconds */
	assert_true(took < 200);
	dispatch_free(&d);
	plan_free(&plan);
}

static void put_staggered(FILE *out, unsigned int i)
{
	fprintf(out, "server l%u_t tcp %u-%u from 10.0.0.0/8\n", i % 7, i, i + 2000);
}

static void too_many_combinations_are_refused(void **state)
{
	struct dispatch d;
	struct plan plan;
	struct err err;

	(void)state;
	plan_of_lines(2000, put_staggered, &plan);
	assert_int_equal(compile(&plan, &d, &err), -E2BIG);
	assert_non_null(strstr(err.what, "plan:"));
	assert_non_null(strstr(err.what, "share ports with this one"));
	dispatch_free(&d);
	plan_free(&plan);
}

static void put_one_net(FILE *out, unsigned int i)
{
	fprintf(out, "server l%u_t tcp 80-90 from 10.%u.%u.%u\n", i % 7, i / 62500, i / 250 % 250,
		i % 250);
}

static void lines_that_share_ports_take_no_time(void **state)
{
	double start, took;
	struct dispatch d;
	struct plan plan;

	(void)state;
	plan_of_lines(200000, put_one_net, &plan);
	start = cpu_clock_ms();
	d = compiled_plan(&plan);
	took = cpu_clock_ms() - start;
	printf("# 200,000 lines: %.1f ms\n", took);
	/* 250 without a sanitizer; to move each line for each other one takes 1,600 */
	assert_true(took < 1200);
	dispatch_free(&d);
	plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_say_what_the_plan_says),
		cmocka_unit_test(segments_are_in_order),
		cmocka_unit_test(lines_are_merged),
		cmocka_unit_test(ten_thousand_lines_take_no_time),
		cmocka_unit_test(lines_that_share_ports_take_no_time),
		cmocka_unit_test(too_many_combinations_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
