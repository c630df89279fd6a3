// SPDX-License-Identifier: GPL-2.0-only
/* Reading ten thousand lines, contexts or labels takes little time, whether they are alike or not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "advise/check.h"
#include "advise/check_dump.h"
#include "advise/unlabeled_flows.h"
#include "dump/iptables_save.h"
#include "dump/to_plan.h"
#include "host/conntrack.h"
#include "host/local_addresses.h"
#include "plan/flow_index.h"
#include "plan/plan.h"
#include "selinux/oracle.h"
#include "support/cpu_clock.h"
#include "util/buffer.h"

#define N 10000
/* 5 times what 10,000 lines may take; what is quadratic takes some seconds */
#define LIMIT_MS 250

static void expect_within(const char *what, double begun, double limit)
{
	const char *sanitized = getenv("SANITIZED");
	double ms = cpu_clock_ms() - begun;

	if (sanitized && *sanitized)
		limit *= 20;
	if (ms > limit)
		fail_msg("%.0f ms, %.0f at most: %s", ms, limit, what);
}

static void expect_pace(const char *what, double begun)
{
	expect_within(what, begun, LIMIT_MS);
}

/* Prefix, number, infix, number, suffix: the numbers together differ from line to line. */
static const struct shape {
	const char *prefix, *infix, *suffix;
} shapes[] = {
	{ "server a_t tcp 80 on eth", ".", "" },
	{ "server a_t tcp 80 on !eth", ".", "" },
	{ "server a_t tcp 80 on e", ".", "+" },
	{ "server a_t tcp 80 from !10.1.", ".", "" },
	{ "server a_t tcp 80 from 10.1.", ".", "" },
	{ "server a_t any from !10.1.", ".", " to !192.0.2.1" },
	{ "server a_t tcp ", "", "-65535 from 10.0.0.0/8" },
	{ "server a_t tcp ", "", " from 10.0.0.0/8" },
	{ "trust eth", ".", "" },
	{ "type t", "_", "_t" },
};

static char *make_lines(const struct shape *shape, size_t *len)
{
	unsigned int i;
	char *text;
	FILE *out = buffer_open(&text, len);

	for (i = 0; i < N; i++)
		fprintf(out, "%s%u%s%0*u%s\n", shape->prefix, i / 100 + 1, shape->infix,
			*shape->infix ? 1 : 2, i % 100, shape->suffix);
	buffer_close(out);
	return text;
}

static void pace_read_plan(const char *what, const char *text, size_t len)
{
	struct diag diag = { 0 };
	struct plan plan;
	double begun = cpu_clock_ms();

	assert_int_equal(plan_parse("test", text, len, &plan, &diag), 0);
	expect_pace(what, begun);
	plan_free(&plan);
	diag_free(&diag);
}

static void lines_of_any_shape_are_read_in_no_time(void **state)
{
	unsigned int i;
	char *text;
	size_t len;

	(void)state;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		text = make_lines(&shapes[i], &len);
		pace_read_plan(shapes[i].prefix, text, len);
		free(text);
	}
}

static void long_lists_are_read_in_no_time(void **state)
{
	unsigned int line, i, k;
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	(void)state;
	for (line = 0; line < 2; line++) {
		fputs("server a_t tcp 80 from ", out);
		for (i = 0; i < N; i++) {
			k = line ? N - 1 - i : i;
			fprintf(out, "%s10.1.%u.%u", i ? "," : "", k / 100, k % 100);
		}
		fputc('\n', out);
	}
	buffer_close(out);
	pace_read_plan("the same long list, upwards and downwards", text, len);
	free(text);
}

/* A plan where each line must be searched under each pair of lengths. */
static void networks_of_all_lengths_are_read_in_no_time(void **state)
{
	unsigned int i;
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	(void)state;
	for (i = 0; i < N; i++)
		fprintf(out, "server a_t tcp 80 from 8000::/%u to c000::/%u on e%u\n", i % 128 + 1,
			i / 128 % 127 + 2, i);
	buffer_close(out);
	pace_read_plan("networks of all lengths", text, len);
	free(text);
}

/* A policy with as many packet types as a large one. Only a_t may be in a context. */
#define TYPES 500

static int pace_valid(struct oracle *o, const char *context)
{
	(void)o;
	return !strncmp(context, "u:r:a_t:", 8) || !strncmp(context, "u:object_r:a_t:", 15);
}

static int pace_base(struct oracle *o, char *context)
{
	(void)o;
	strcpy(context, "u:r:a_t:s0");
	return 0;
}

static int pace_type_has(struct oracle *o, const char *type, const char *attribute)
{
	(void)o;
	(void)type;
	(void)attribute;
	return 1;
}

static int pace_names(struct oracle *o, enum oracle_names what, const char *attribute,
		      void (*fn)(void *arg, const char *name), void *arg)
{
	unsigned int i;

	(void)o;
	(void)what;
	(void)attribute;
	for (i = 0; i < TYPES; i++)
		fn(arg, "some_http_server_packet_t");
	return 0;
}

/* it is on the stack */
static void pace_oracle_end(struct oracle *o)
{
	(void)o;
}

static const struct oracle_ops ops = { .valid = pace_valid,
				       .base = pace_base,
				       .type_has = pace_type_has,
				       .names = pace_names,
				       .free = pace_oracle_end };

static void check_lines(const char *first, const struct shape *shape, const char *last,
			int (*fn)(struct check *c, const char *file, const char *text, size_t len))
{
	struct oracle oracle = { .ops = &ops, .policy = "the policy" };
	struct diag diag = { 0 };
	struct check c = { .oracle = &oracle, .diag = &diag };
	char *lines, *text;
	size_t len;
	FILE *out;
	double begun;

	lines = make_lines(shape, &len);
	out = buffer_open(&text, &len);
	fprintf(out, "%s%s%s", first, lines, last);
	buffer_close(out);
	begun = cpu_clock_ms();
	fn(&c, "test", text, len);
	expect_pace(shape->prefix, begun);
	assert_int_equal(c.contexts, N);
	free(lines);
	free(text);
	oracle_free(&oracle);
	diag_free(&diag);
}

static int check_defined(struct check *c, const char *file, const char *text, size_t len)
{
	struct plan plan;
	int ret = plan_parse(file, text, len, &plan, c->diag);

	if (!ret)
		ret = check_plan(c, &plan);
	plan_free(&plan);
	return ret;
}

static void contexts_are_judged_in_no_time(void **state)
{
	static const struct shape good = { "-A X -j SECMARK --selctx u:r:a_t:s0:c", ",c", "" };
	static const struct shape wrong = { "-A X -j SECMARK --selctx u:r:some_http_srv", "_",
					    "_packet_t:s0" };
	static const struct shape level = { "-A X -j SECMARK --selctx "
					    "u:r:some_http_srver_packet_t:s0:c",
					    ",c", "" };
	static const struct shape json = { "{\"secmark\": {\"context\": \"u:r:\\u0061_t:s0:c", ",c",
					   "\"}}," };
	char *lines, type[220], server[220];
	size_t len;

	(void)state;
	/* long names, which take long to compare */
	snprintf(type, sizeof(type), "type t%0200d", 0);
	snprintf(server, sizeof(server), "server t%0200d", 0);
	check_lines("*mangle\n", &good, "COMMIT\n", check_iptables);
	check_lines("*mangle\n", &wrong, "COMMIT\n", check_iptables);
	check_lines("*mangle\n", &level, "COMMIT\n", check_iptables);
	check_lines("{\"nftables\": [", &json, "{}]}", check_nft);
	lines = make_lines(&(struct shape){ type, "_", "_t" }, &len);
	check_lines(lines, &(struct shape){ server, "_", "_t tcp" }, "", check_defined);
	free(lines);
}

#define PAIRS 25000

/* Two rules, 25,000 times: all of the first ones, then all of the second ones, or in turn. In them,
 * % is a number up to 249, and & one up to 99; # is a port up to 25000, and ^ one above it. A rule
 * that ends with a blank labels. */
static const struct rule_pair {
	const char *begin, *first, *second;
	bool in_turn;
	unsigned int lines;  /* of the plan, for each pair */
	unsigned int errors; /* if a plan cannot say all of them */
} rule_pairs[] = {
	{ "", "INPUT -p tcp --dport # -j ACCEPT", "INPUT -p tcp --dport ^ ", false, 1, 0 },
	{ "", "INPUT -p tcp --dport # -j ACCEPT", "INPUT -p udp --dport # ", false, 1, 0 },
	{ "", "INPUT -s 10.0.&.% -j ACCEPT", "INPUT -s 10.1.&.% -p tcp --dport 80 ", false, 1, 0 },
	{ "", "INPUT -s fd00::&:% -j ACCEPT", "INPUT -s fd01::&:% -p tcp ", false, 1, 0 },
	{ "", "INPUT -s 10.0.0.% -p tcp --dport 1& -j ACCEPT",
	  "INPUT -s 10.0.0.% -p tcp --dport 2& ", false, 1, 0 },
	{ "-A INPUT -j X\n", "X -d 10.0.&.% -j RETURN", "X -d 10.1.&.% -p tcp ", false, 1, 0 },
	{ "", "INPUT -p tcp --dport ^ ", "INPUT -p tcp ! --dport # -j ACCEPT", false, 1, 0 },
	{ "", "OUTPUT -p tcp --sport # ", "INPUT -p tcp --dport # ", false, 1, 0 },
	{ "", "INPUT -p tcp --dport # ", "INPUT -p tcp --dport # -j ACCEPT", true, 1, 0 },
	{ "", "INPUT -p tcp --dport # ", "FORWARD -d 10.0.&.% ", true, 2, 0 },
	{ "-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 192.0.2.1 -j ACCEPT\n",
	  "INPUT -p tcp --dport # ", "INPUT -p udp --dport # ", false, 2, 0 },
	/* a line can be for one name, or for all but one */
	{ "", "INPUT -i eth# -j ACCEPT", "INPUT -p tcp --dport # ", false, 1, PAIRS - 1 },
	{ "", "FORWARD -o eth# -j ACCEPT", "FORWARD -i eth# ", false, 1, PAIRS - 1 },
	{ "", "INPUT -i eth# -j ACCEPT", "INPUT -i eth^ -p tcp --dport 80 ", true, 1, 0 },
	/* two of these are for all names */
	{ "", "INPUT ! -i eth# -p tcp -j ACCEPT", "INPUT -p udp --dport # ", false, 1, 0 },
	{ "", "INPUT ! -i eth# -p tcp -j ACCEPT", "INPUT -i eth# -p tcp --dport # ", false, 0, 0 },
	{ "", "INPUT -i e#+ -p tcp -j ACCEPT", "INPUT ! -i eth# -p udp ", false, 1, 0 },
	/* some are apart from the second ones by ports, the others by networks */
	{ "", "INPUT -p tcp --dport # -j ACCEPT\n-A INPUT -s 10.0.&.% -j ACCEPT",
	  "INPUT -s 10.1.&.% -p tcp --dport ^ ", false, 1, 0 },
	/* nothing but a look at each of them tells them apart */
	{ "", "FORWARD ! -i eth0 ! -s 10.0.&.% ! -d 10.1.&.% -j ACCEPT",
	  "FORWARD -i eth0 -p tcp --dport # ", false, 0, 1 },
};

#define RULE_PAIRS (sizeof(rule_pairs) / sizeof(rule_pairs[0]))
/* 50,000 rules take up to 0.5 s, or 1.3 s on a busy machine. What is quadratic takes 4 to 80 s. */
#define PAIRS_MS 3500

static void pace_print_rule(const char *rule, unsigned int i, FILE *out)
{
	fputs("-A ", out);
	for (; *rule; rule++) {
		if (strchr("%&#^", *rule))
			fprintf(out, "%u",
				*rule == '%' ? i % 250 :
				*rule == '&' ? i / 250 :
				*rule == '#' ? i + 1 :
					       i + PAIRS + 1);
		else
			fputc(*rule, out);
	}
	fputs(rule[-1] == ' ' ? "-j SECMARK --selctx u:r:a_t\n" : "\n", out);
}

static char *pace_rules(const struct rule_pair *pair, size_t *len)
{
	unsigned int i;
	char *text;
	FILE *out = buffer_open(&text, len);

	fprintf(out, "*mangle\n%s", pair->begin);
	for (i = 0; i < 2 * PAIRS; i++) {
		if (pair->in_turn)
			pace_print_rule(i % 2 ? pair->second : pair->first, i / 2, out);
		else
			pace_print_rule(i / PAIRS ? pair->second : pair->first, i % PAIRS, out);
	}
	buffer_close(out);
	return text;
}

/* Without comments */
static unsigned int count_lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		n += *text != '#';
	return n;
}

static void fifty_thousand_rules_are_converted_in_no_time(void **state)
{
	struct diag diag = { 0 };
	struct dump dump;
	char *text, *plan;
	double begun;
	size_t len, i;

	(void)state;
	for (i = 0; i < RULE_PAIRS; i++) {
		text = pace_rules(&rule_pairs[i], &len);
		begun = cpu_clock_ms();
		assert_int_equal(dump_read("test", text, len, &dump, &diag), 0);
		plan = dump_to_plan(&dump, 1, &diag);
		expect_within(rule_pairs[i].first, begun, PAIRS_MS);
		assert_int_equal(diag.errors, rule_pairs[i].errors);
		/* and "table mangle" */
		assert_int_equal(count_lines(plan), rule_pairs[i].lines * PAIRS + 1);
		free(plan);
		free(text);
		dump_free(&dump);
		diag_free(&diag);
	}
}

/* Entries of an unlabeled TCP connection each, whose parts differ */
static void judge_entries(const struct plan *plan, unsigned int n)
{
	struct local_addresses local = { 0 };
	struct conntrack_entry e = { .orig = { .proto = IPPROTO_TCP } };
	struct unlabeled_flow old;
	unsigned int i, own;
	struct net us = { .family = AF_INET, .len = 32, .addr = { 192, 0, 2, 7 } }, them = us;

	for (i = 0; i < N; i++) {
		memcpy(us.addr + 2, (uint8_t[]){ i / 256, i % 256 }, 2);
		local_addresses_add(&local, true, &us);
	}
	local_addresses_sort(&local);
	memcpy(them.addr, (uint8_t[]){ 10, 1, 1, 1 }, 4);
	for (i = 0; i < n; i++) {
		own = i % 2;
		them.addr[2] = i / 2 % 100 + 1;
		them.addr[3] = i / 200 % 100;
		e.orig.src = own ? us : them;
		e.orig.dst = own ? them : us;
		e.orig.sport = 32768 + i % 28000;
		e.orig.dport = i / 2 % 2 ? 80 : i % 20000;
		e.reply = (struct conntrack_tuple){ IPPROTO_TCP, e.orig.dst, e.orig.src,
						    e.orig.dport, e.orig.sport };
		unlabeled_flow_judge(plan, &local, NULL, &e, &old);
	}
	local_addresses_free(&local);
}

/* 50,000 connections, 10,000 lines and 10,000 addresses of this host: 500 million pairs each */
static void old_flows_are_found_in_no_time(void **state)
{
	struct diag diag = { 0 };
	struct plan plan;
	unsigned int i;
	char *text;
	size_t len;
	double begun;

	(void)state;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		text = make_lines(&shapes[i], &len);
		assert_int_equal(plan_parse("test", text, len, &plan, &diag), 0);
		begun = cpu_clock_ms();
		plan.flow_index = flow_index_new(&plan);
		judge_entries(&plan, 50000);
		flow_index_free(plan.flow_index);
		expect_pace(shapes[i].prefix, begun);
		plan_free(&plan);
		diag_free(&diag);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contexts_are_judged_in_no_time),
		cmocka_unit_test(fifty_thousand_rules_are_converted_in_no_time),
		cmocka_unit_test(lines_of_any_shape_are_read_in_no_time),
		cmocka_unit_test(long_lists_are_read_in_no_time),
		cmocka_unit_test(networks_of_all_lengths_are_read_in_no_time),
		cmocka_unit_test(old_flows_are_found_in_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
