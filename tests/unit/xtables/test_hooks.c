// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets pass the chains as they would in the kernel, and must get the label that lookup() finds
 * in the plan for their flow. This tests the way of a packet, with its connection, its hooks and
 * the label that it came with.
 */
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
#include "plan/lookup.h"
#include "plan/plan.h"
#include "support/known_packet.h"
#include "support/random_plan.h"
#include "support/simulated_packet.h"
#include "util/diag.h"
#include "xtables/chain.h"
#include "xtables/hooks.h"
#include "xtables/port_tree.h"

#define PLANS 300
#define FLOWS 100

#define FOREIGN "system_u:object_r:foreign_t:s0"

/* The data of a test of one plan and one kind of chains. */
struct world {
	const struct plan *plan;
	const struct chain_set *set;
	const struct xt_opts *opts;
	unsigned int *seed;
	struct flow flow; /* as its first packet was */
	struct simulated_conn conn;
};

static const char *or_unlabeled(const char *label)
{
	return label ? label : SIMULATED_UNLABELED;
}

static const char *hooks_looked_up(const struct world *w, struct flow flow, enum flow_dir dir,
				   bool stray)
{
	const struct plan_line *line;

	flow.dir = dir;
	flow.stray = stray;
	line = lookup(w->plan, &flow);
	return line ? line->label.context : SIMULATED_UNLABELED;
}

/* A flow that FTP's helper expected is looked up as its control flow. */
static const char *looked_up_known(const struct world *w, enum known_packet kind)
{
	const struct plan_line *line;
	struct flow flow = w->flow;

	if (w->conn.expected_by) {
		flow.dport = 21;
		return hooks_looked_up(w, flow, kind == KNOWN_REPLY_IN ? FLOW_OUT : FLOW_IN, false);
	}
	line = known_packet_line(w->plan, &flow, kind);
	return line ? line->label.context : SIMULATED_UNLABELED;
}

static bool is_fast(const struct world *w, const char *iface)
{
	size_t n = w->opts->n_fast, i;

	if (!w->opts->module && random_plan_names_ipsec(w->plan))
		n = 0;
	for (i = 0; i < n; i++)
		if (simulated_iface_is(w->opts->fast[i], iface))
			return true;
	return !w->plan->loopback && !strcmp(iface, "lo");
}

static struct simulated_packet packet_of(struct world *w, bool reply, enum chain_state state,
					 bool syn)
{
	struct simulated_packet p = {
		.conn = state & CHAIN_CONNECTIONLESS ? NULL : &w->conn,
		.state = state,
		.reply = reply,
		.syn = syn,
		.src = reply ? w->flow.dst : w->flow.src,
		.dst = reply ? w->flow.src : w->flow.dst,
		.sport = reply ? w->flow.dport : w->flow.sport,
		.dport = reply ? w->flow.sport : w->flow.dport,
		.proto = w->flow.proto,
	};

	return p;
}

/* A packet that comes in, with the label that its sender's namespace gave it. */
static const char *packet_comes(struct world *w, const char *hook, struct simulated_packet p,
				const char *iface)
{
	strcpy(p.in, iface);
	if (!is_fast(w, iface) && strcmp(iface, "lo") && random_below(w->seed, 2))
		p.label = FOREIGN;
	return simulated_packet_through(w->set, hook, &p);
}

static const char *packet_leaves(struct world *w, struct simulated_packet p, const char *iface)
{
	strcpy(p.out, iface);
	return simulated_packet_through(w->set, "OUTPUT", &p);
}

/* The label that INPUT gives to a packet of a known connection. */
static const char *known_in(const struct world *w, enum known_packet kind, const char *iface)
{
	if (w->opts->module || is_fast(w, iface))
		return or_unlabeled(w->conn.label);
	return looked_up_known(w, kind);
}

/* Does the first packet of this flow not show which end is the server? */
static bool is_stray(const struct world *w, bool syn)
{
	return w->flow.proto == IPPROTO_TCP && !syn;
}

static void flow_from_elsewhere(struct world *w, const char *iface, bool old)
{
	bool syn = random_below(w->seed, 2);
	const char *first = hooks_looked_up(w, w->flow, FLOW_IN, is_stray(w, syn));

	if (!old) {
		assert_string_equal(packet_comes(w, "INPUT", packet_of(w, false, CHAIN_NEW, syn),
						 iface),
				    first);
		assert_string_equal(or_unlabeled(w->conn.label), first);
	}
	assert_string_equal(packet_leaves(w, packet_of(w, true, CHAIN_ESTABLISHED, false), iface),
			    or_unlabeled(w->conn.label));
	assert_string_equal(packet_comes(w, "INPUT", packet_of(w, false, CHAIN_ESTABLISHED, false),
					 iface),
			    known_in(w, KNOWN_IN, iface));
	if (old)
		assert_string_equal(or_unlabeled(w->conn.label), SIMULATED_UNLABELED);
}

static void flow_to_elsewhere(struct world *w, const char *iface, bool old)
{
	bool syn = random_below(w->seed, 2);
	const char *first = hooks_looked_up(w, w->flow, FLOW_OUT, is_stray(w, syn));

	if (!old) {
		assert_string_equal(packet_leaves(w, packet_of(w, false, CHAIN_NEW, syn), iface),
				    first);
		assert_string_equal(or_unlabeled(w->conn.label), first);
	}
	assert_string_equal(packet_comes(w, "INPUT", packet_of(w, true, CHAIN_ESTABLISHED, false),
					 iface),
			    known_in(w, KNOWN_REPLY_IN, iface));
	assert_string_equal(packet_leaves(w, packet_of(w, false, CHAIN_ESTABLISHED, false), iface),
			    or_unlabeled(w->conn.label));
	if (old)
		assert_string_equal(or_unlabeled(w->conn.label), SIMULATED_UNLABELED);
}

/* One packet crosses both hooks, and takes the label of the first along to the second. */
static void cross_lo(struct world *w, bool reply, enum chain_state state, bool syn, const char *out,
		     const char *in)
{
	struct simulated_packet p = packet_of(w, reply, state, syn);

	strcpy(p.out, "lo");
	assert_string_equal(simulated_packet_through(w->set, "OUTPUT", &p), out);
	p.out[0] = '\0';
	strcpy(p.in, "lo");
	assert_string_equal(simulated_packet_through(w->set, "INPUT", &p), in);
}

static const char *answer_over_lo(const struct world *w)
{
	return w->opts->module ? or_unlabeled(w->conn.label) : looked_up_known(w, KNOWN_REPLY_IN);
}

static void flow_over_lo(struct world *w, bool old)
{
	bool syn = random_below(w->seed, 2);
	const char *client = hooks_looked_up(w, w->flow, FLOW_OUT, is_stray(w, syn));

	if (w->conn.expected_by) {
		/* RELATED: its connection has the label of the control flow */
		w->conn.label = "system_u:object_r:control_t:s0";
		client = w->conn.label;
	} else if (old) {
		client = SIMULATED_UNLABELED;
	} else {
		cross_lo(w, false, CHAIN_NEW, syn, client,
			 hooks_looked_up(w, w->flow, FLOW_IN, is_stray(w, syn)));
	}
	cross_lo(w, false, w->conn.expected_by ? CHAIN_RELATED : CHAIN_ESTABLISHED, false, client,
		 looked_up_known(w, KNOWN_LO));
	cross_lo(w, true, CHAIN_ESTABLISHED, false, looked_up_known(w, KNOWN_REPLY_LO),
		 answer_over_lo(w));
	assert_string_equal(or_unlabeled(w->conn.label), client);
}

static void packet_without_connection(struct world *w, const char *iface)
{
	enum chain_state state = random_below(w->seed, 2) ? CHAIN_INVALID : CHAIN_UNTRACKED;

	assert_string_equal(packet_comes(w, "INPUT",
					 packet_of(w, false, state, random_below(w->seed, 2)),
					 iface),
			    hooks_looked_up(w, w->flow, FLOW_IN, true));
	assert_string_equal(packet_leaves(w, packet_of(w, false, state, random_below(w->seed, 2)),
					  iface),
			    hooks_looked_up(w, w->flow, FLOW_OUT, true));
	assert_null(w->conn.label);
}

static void forwarded_flow(struct world *w, const char *from, const char *to, bool old)
{
	bool syn = random_below(w->seed, 2);
	const char *first = hooks_looked_up(w, w->flow, FLOW_FORWARD, is_stray(w, syn));

	strcpy(w->flow.out, to);
	if (!old) {
		assert_string_equal(packet_comes(w, "PREROUTING",
						 packet_of(w, false, CHAIN_NEW, syn), from),
				    first);
		assert_string_equal(or_unlabeled(w->conn.label), first);
	}
	assert_string_equal(packet_comes(w, "PREROUTING",
					 packet_of(w, true, CHAIN_ESTABLISHED, false), to),
			    known_in(w, KNOWN_REPLY_FORWARD, to));
	assert_string_equal(packet_comes(w, "PREROUTING",
					 packet_of(w, false, CHAIN_ESTABLISHED, false), from),
			    known_in(w, KNOWN_FORWARD, from));
	if (old)
		assert_string_equal(or_unlabeled(w->conn.label), SIMULATED_UNLABELED);
}

static void forwarded_without_connection(struct world *w, const char *from)
{
	enum chain_state state = random_below(w->seed, 2) ? CHAIN_INVALID : CHAIN_UNTRACKED;

	assert_string_equal(packet_comes(w, "PREROUTING",
					 packet_of(w, false, state, random_below(w->seed, 2)),
					 from),
			    hooks_looked_up(w, w->flow, FLOW_FORWARD, true));
	assert_null(w->conn.label);
}

/* PREROUTING leaves packets for this host to INPUT. */
static void local_packet_in_prerouting(struct world *w)
{
	struct simulated_packet p = packet_of(w, false, CHAIN_NEW, true);

	p.local = true;
	strcpy(p.in, "eth0");
	assert_string_equal(simulated_packet_through(w->set, "PREROUTING", &p),
			    SIMULATED_UNLABELED);
	assert_null(w->conn.label);
}

/* The interface on which the flow's first packet is seen; lo is both. */
static void on_iface(struct world *w, const char *iface)
{
	strcpy(w->flow.in, iface);
	strcpy(w->flow.out, iface);
}

/* With VERBOSE in the environment, the last of these is the one that failed. */
static void tell_world(const struct world *w, const char *what)
{
	char src[NET_STRLEN], dst[NET_STRLEN];
	size_t i;

	if (!getenv("VERBOSE"))
		return;
	for (i = 0; i < w->plan->n_lines; i++)
		printf("# %s\n", w->plan->lines[i].text);
	chain_print(w->set, stdout);
	printf("# %s: proto %u %s:%u > %s:%u\n", what, w->flow.proto, net_format(&w->flow.src, src),
	       w->flow.sport, net_format(&w->flow.dst, dst), w->flow.dport);
}

static void try_flow(struct world *w)
{
	static const char *const names[] = { "eth0", "eth1", "veth0", "wlan0" };
	const char *iface = names[random_below(w->seed, 4)], *to = names[random_below(w->seed, 4)];
	bool old = random_below(w->seed, 4) == 0;

	w->conn = (struct simulated_conn){ 0 };
	if (random_below(w->seed, 4) == 0) {
		if (!plan_has_side(w->plan, SIDE_FORWARD))
			return;
		on_iface(w, iface);
		w->flow.out[0] = '\0';
		tell_world(w, "forwarded");
		switch (random_below(w->seed, 4)) {
		case 0:
			local_packet_in_prerouting(w);
			break;
		case 1:
			forwarded_without_connection(w, iface);
			break;
		default:
			forwarded_flow(w, iface, to, old);
		}
		return;
	}
	if (!plan_has_side(w->plan, SIDE_SERVER) && !plan_has_side(w->plan, SIDE_CLIENT))
		return;
	on_iface(w, iface);
	switch (random_below(w->seed, 4)) {
	case 0:
		tell_world(w, "from elsewhere");
		flow_from_elsewhere(w, iface, old);
		break;
	case 1:
		tell_world(w, "to elsewhere");
		flow_to_elsewhere(w, iface, old);
		break;
	case 2:
		tell_world(w, "without connection");
		packet_without_connection(w, iface);
		break;
	case 3:
		on_iface(w, "lo");
		/* "loopback no" makes it one like the others */
		if (!w->plan->loopback) {
			flow_from_elsewhere(w, "lo", old);
			break;
		}
		/* the ports of passive FTP tell nothing: the kernel chose both */
		if (w->flow.proto == IPPROTO_TCP && w->flow.sport / 20 == 2 &&
		    w->flow.dport / 20 == 2 && random_below(w->seed, 4) == 0)
			w->conn.expected_by = "ftp";
		tell_world(w, w->conn.expected_by ? "expected over lo" : "over lo");
		flow_over_lo(w, old);
	}
}

/* A name twice would be one chain with the rules of both. */
static void check_names(const struct chain_set *set)
{
	size_t i, j;

	for (i = 0; i < set->n; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(set->v[i].name, set->v[j].name);
}

static struct chain_set hooks_built(const struct plan *plan, struct dispatch *d,
				    enum dispatch_family family, struct xt_opts *opts)
{
	struct diag diag = { 0 };
	struct chain_set set;
	struct err err;
	int ret;

	assert_int_equal(compile(plan, d, &err), 0);
	ret = xt_hooks_build(d, family, opts, &set, &diag);
	if (ret) {
		/* many lines with lists that share ports, by chance */
		assert_true(opts->nft);
		assert_int_equal(ret, -E2BIG);
		assert_int_equal(diag.errors, 1);
		diag_free(&diag);
		opts->nft = false;
		ret = xt_hooks_build(d, family, opts, &set, &diag);
	}
	assert_int_equal(ret, 0);
	assert_int_equal(diag.n, 0);
	assert_true(!opts->nft || chain_depth(&set) < XT_NFT_DEPTH);
	return set;
}

static void hooks_try_plan(struct world *w, enum dispatch_family family)
{
	unsigned int i;

	for (i = 0; i < FLOWS; i++) {
		do {
			random_flow(w->seed, &w->flow);
		} while (w->flow.src.family != dispatch_af(family));
		try_flow(w);
	}
}

static void packets_get_what_the_plan_says(void **state)
{
	static const char fast[][IFNAMSIZ] = { "eth0", "wlan+" };
	unsigned int seed = random_seed(), i;
	struct chain_set set;
	struct dispatch d;
	struct plan plan;

	(void)state;
	for (i = 0; i < PLANS * 8; i++) {
		struct xt_opts opts = {
			.module = i & 1,
			.accept = i & 2,
			.nft = i % 5 < 2,
			.unlabeled = SIMULATED_UNLABELED,
			.fast = fast,
			.n_fast = i % 3,
		};
		struct world w = { .plan = &plan, .set = &set, .opts = &opts, .seed = &seed };

		random_plan(&seed, RANDOM_FORWARD, &plan);
		set = hooks_built(&plan, &d, i & 4 ? DISPATCH_IPV6 : DISPATCH_IPV4, &opts);
		check_names(&set);
		hooks_try_plan(&w, i & 4 ? DISPATCH_IPV6 : DISPATCH_IPV4);
		chain_free(&set);
		dispatch_free(&d);
		plan_free(&plan);
	}
}

/* Flows to and from ports all over, in trees that are less deep on one side than on the other. */
static void try_ports(struct world *w)
{
	unsigned int port;

	for (port = 0; port < 65536; port += 61) {
		do {
			random_flow(w->seed, &w->flow);
		} while (w->flow.src.family != AF_INET);
		w->flow.proto = IPPROTO_TCP;
		w->flow.dport = port;
		on_iface(w, "eth0");
		w->conn = (struct simulated_conn){ 0 };
		flow_to_elsewhere(w, "eth0", false);
		w->conn = (struct simulated_conn){ 0 };
		flow_from_elsewhere(w, "eth0", false);
	}
}

/* Ten thousand ports of each side; for a stray packet both sides are looked up. */
static void many_ports_are_not_too_deep_for_nft(void **state)
{
	struct xt_opts opts = { .nft = true, .unlabeled = SIMULATED_UNLABELED };
	struct chain_set set;
	struct dispatch d;
	struct plan plan;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	unsigned int seed = random_seed(), i;
	struct world w = { .plan = &plan, .set = &set, .opts = &opts, .seed = &seed };

	(void)state;
	for (i = 0; i < 10000; i++)
		fprintf(out, "%s l%u_t tcp %u\n", i % 2 ? "server" : "client", i % 7,
			(i * 7919) % 65521);
	fclose(out);
	plan_of(text, len, &plan);
	free(text);
	set = hooks_built(&plan, &d, DISPATCH_IPV4, &opts);
	assert_true(opts.nft);
	try_ports(&w);
	chain_free(&set);
	dispatch_free(&d);
	plan_free(&plan);
}

/* Lines that share a port, and that take a chain and three rules each in each tree */
static void plan_of_rows(unsigned int n, struct plan *plan)
{
	unsigned int i;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (i = 0; i < n; i++)
		fprintf(out, "forward a_t tcp 80 from !10.%u.%u.%u,192.0.2.1\n", i / 62500,
			i / 250 % 250, i % 250);
	fclose(out);
	plan_of(text, len, plan);
	free(text);
}

/* Builds rules of so many lines. Returns the number of the line that is named as too many, or 0. */
static unsigned int named_line(unsigned int n, bool nft, const char *what)
{
	struct xt_opts opts = { .nft = nft };
	struct diag diag = { 0 };
	unsigned int line = 0;
	struct chain_set set;
	struct dispatch d;
	struct plan plan;
	struct err err;

	plan_of_rows(n, &plan);
	assert_int_equal(compile(&plan, &d, &err), 0);
	if (xt_hooks_build(&d, DISPATCH_IPV4, &opts, &set, &diag)) {
		assert_int_equal(diag.n, 1);
		assert_non_null(strstr(diag.v[0].what, what));
		line = diag.v[0].pos.line;
	} else {
		/* twice, because answers are looked up as well */
		assert_true(set.n_rules > 6 * n);
		assert_true(chain_depth(&set) > n);
	}
	chain_free(&set);
	diag_free(&diag);
	dispatch_free(&d);
	plan_free(&plan);
	return line;
}

static void too_many_rules_are_refused_and_the_line_is_named(void **state)
{
	unsigned int line;

	(void)state;
	assert_int_equal(named_line(20, true, "follows no more than 16 chains"), 20);
	assert_int_equal(named_line(20, false, ""), 0);
	line = named_line(70000, true, "more than 200000 rules");
	assert_in_range(line, 66000, 67000);
	assert_int_equal(named_line(70000, false, ""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_get_what_the_plan_says),
		cmocka_unit_test(many_ports_are_not_too_deep_for_nft),
		cmocka_unit_test(too_many_rules_are_refused_and_the_line_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
