// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "packet/flow.h"
#include "plan/lookup.h"
#include "plan/plan.h"

/* golden/plan tests the errors in plans; this tests what a text cannot show. */

static int parse_plan_text(const char *text, struct plan *plan, struct diag *diag)
{
	return plan_parse("test", text, strlen(text), plan, diag);
}

static void plan_done(struct plan *plan, struct diag *diag)
{
	plan_free(plan);
	diag_free(diag);
}

static void assert_diag(const struct diag *diag, size_t i, const char *expected)
{
	char *text;

	assert_true(i < diag->n);
	text = diag_format(&diag->v[i]);
	assert_string_equal(text, expected);
	free(text);
}

static void an_empty_plan_has_the_defaults(void **state)
{
	struct diag diag = { 0 };
	struct plan plan;

	(void)state;
	assert_int_equal(plan_parse("test", NULL, 0, &plan, &diag), 0);
	assert_int_equal(plan.table, PLAN_SECURITY);
	assert_int_equal(plan.unlabeled, PLAN_UNLABELED_UNSAID);
	assert_true(plan.loopback);
	assert_int_equal(plan.n_types + plan.n_lines + plan.n_trusted + diag.n, 0);
	plan_done(&plan, &diag);
	/* freeing it again does nothing */
	plan_free(&plan);
}

static void a_line_remembers_where_it_and_its_parts_stand(void **state)
{
	struct diag diag = { 0 };
	struct plan plan;
	const struct plan_line *line;

	(void)state;
	assert_int_equal(
		parse_plan_text("# first\n  server \t x_t  tcp  !80 level s0  only a_t @b # why\n"
				" default   client u:r:y_t  level s1\r\n",
				&plan, &diag),
		0);
	assert_int_equal(plan.n_lines, 2);
	line = &plan.lines[0];
	assert_string_equal(line->text, "server x_t tcp !80 level s0 only a_t @b");
	assert_string_equal(line->pos.file, "test");
	assert_int_equal(line->pos.line, 2);
	assert_int_equal(line->pos.col, 3);
	assert_string_equal(line->label.text, "x_t");
	assert_int_equal(line->label.pos.line, 2);
	assert_int_equal(line->label.pos.col, 12);
	assert_string_equal(line->label.level, "s0");
	assert_int_equal(line->label.level_pos.col, 32);
	assert_null(line->label.context);
	assert_int_equal(line->only.v[1].pos.line, 2);
	assert_int_equal(line->only.v[1].pos.col, 45);
	line = &plan.lines[1];
	assert_true(line->is_default);
	assert_int_equal(line->side, SIDE_CLIENT);
	assert_string_equal(line->text, "default client u:r:y_t level s1");
	assert_int_equal(line->label.level_pos.col, 34);
	plan_done(&plan, &diag);
}

static void an_interface_clause_goes_to_the_side_that_has_it(void **state)
{
	struct diag diag = { 0 };
	struct plan plan;

	(void)state;
	assert_int_equal(
		parse_plan_text("server x_t tcp on a\nclient x_t tcp on b\nforward x_t tcp in c "
				"out "
				"!d+\n",
				&plan, &diag),
		0);
	assert_string_equal(plan.lines[0].in.name, "a");
	assert_string_equal(plan.lines[0].out.name, "");
	assert_string_equal(plan.lines[1].in.name, "");
	assert_string_equal(plan.lines[1].out.name, "b");
	assert_string_equal(plan.lines[2].in.name, "c");
	assert_string_equal(plan.lines[2].out.name, "d+");
	assert_false(plan.lines[2].in.negated);
	assert_true(plan.lines[2].out.negated);
	plan_done(&plan, &diag);
}

static void a_text_in_memory_includes_nothing(void **state)
{
	struct diag diag = { 0 };
	struct plan plan;

	(void)state;
	assert_int_equal(parse_plan_text("include /dev/null\nserver x_t tcp\n", &plan, &diag),
			 -EINVAL);
	assert_int_equal(diag.n, 1);
	assert_diag(&diag, 0, "test:1:9: a file cannot be included here: '/dev/null'");
	/* the good lines are there */
	assert_int_equal(plan.n_lines, 1);
	plan_done(&plan, &diag);
}

static void errors_outlive_the_plan(void **state)
{
	struct diag diag = { 0 };
	struct plan plan;

	(void)state;
	assert_int_equal(parse_plan_text("sever x_t tcp\n", &plan, &diag), -EINVAL);
	plan_free(&plan);
	assert_diag(&diag, 0, "test:1:1: unknown statement: 'sever' (did you mean server?)");
	diag_free(&diag);
}

static void a_file_that_cannot_be_read_is_an_error_of_its_own(void **state)
{
	struct diag diag = { 0 };
	struct plan plan;

	(void)state;
	assert_int_equal(plan_read("/nosuch/a.plan", &plan, &diag), -ENOENT);
	assert_int_equal(diag.errors, 1);
	assert_diag(&diag, 0, "/nosuch/a.plan: No such file or directory");
	plan_done(&plan, &diag);
	assert_int_equal(plan_read("/", &plan, &diag), -EISDIR);
	assert_diag(&diag, 0, "/: Is a directory");
	plan_done(&plan, &diag);
}

/* Line i of a plan in which every line is valid: "server t_t tcp N from 10.X.Y.0/24" */
static char *many_lines(unsigned int n)
{
	size_t size = n * 64, used = 0;
	char *text = malloc(size);
	unsigned int i;

	assert_non_null(text);
	for (i = 0; i < n; i++)
		used += snprintf(text + used, size - used,
				 i % 2 ? "server t%u_t tcp %u\n" :
					 "server t%u_t tcp 1-%u from 10.%u.%u.0/24\n",
				 i, i + 1, i >> 8, i & 255);
	return text;
}

static void ten_thousand_lines_are_read_in_order(void **state)
{
	char *text = many_lines(10000), type[16];
	struct diag diag = { 0 };
	struct plan plan;
	unsigned int i;

	(void)state;
	assert_int_equal(parse_plan_text(text, &plan, &diag), 0);
	free(text);
	assert_int_equal(diag.n, 0);
	assert_int_equal(plan.n_lines, 10000);
	for (i = 0; i < plan.n_lines; i++) {
		snprintf(type, sizeof(type), "t%u_t", i);
		assert_string_equal(plan.lines[i].label.text, type);
		assert_int_equal(plan.lines[i].pos.line, i + 1);
		assert_int_equal(plan.lines[i].ports.v[0].hi, i + 1);
	}
	plan_done(&plan, &diag);
}

static void ten_thousand_errors_are_all_reported(void **state)
{
	struct diag diag = { 0 };
	char text[50000];
	struct plan plan;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text); i += 5)
		memcpy(text + i, "oops\n", 5);
	assert_int_equal(plan_parse("test", text, sizeof(text), &plan, &diag), -EINVAL);
	assert_int_equal(diag.errors, 10000);
	for (i = 0; i < diag.n; i++)
		assert_int_equal(diag.v[i].pos.line, i + 1);
	plan_done(&plan, &diag);
}

/* Random lines of a small world, where all lines overlap. */
static size_t random_line(char *out, size_t size)
{
	static const char *const protos[] = { "tcp", "tcp", "udp", "any", "icmp" };
	static const char *const ports[] = { "", "1", "2", "1-3", "!2", "0-65535", "2,4" };
	static const char *const nets[] = {
		"",
		"",
		"10.0.0.0/8",
		"10.0.0.1",
		"!10.0.0.0/8",
		"0.0.0.0/0",
		"10.0.0.0/30,10.1.0.0/16",
		"!10.1.0.1",
	};
	static const char *const ifaces[] = { "", "", "eth0", "eth+", "!eth0", "!eth1+", "e+" };
	const char *proto = protos[rand() % 5], *from = nets[rand() % 8], *to = nets[rand() % 8];
	const char *iface = ifaces[rand() % 7];
	bool has_ports = proto[0] == 't' || proto[0] == 'u';

	return snprintf(out, size, "%s t_t %s %s %s%s %s%s %s%s\n",
			rand() % 2 ? "server" : "client", proto, has_ports ? ports[rand() % 7] : "",
			*from ? "from " : "", from, *to ? "to " : "", to, *iface ? "on " : "",
			iface);
}

static struct net ipv4_address(uint8_t b, uint8_t d)
{
	return (struct net){ .family = AF_INET, .len = 32, .addr = { 10 + (b == 9), b, 0, d } };
}

/* Marks the lines that label any flow of that small world. */
static void mark_lines(const struct plan *plan, bool *used)
{
	static const char *const names[] = { "", "eth0", "eth1", "lo" };
	static const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_GRE };
	const struct net addresses[] = {
		ipv4_address(0, 1), ipv4_address(0, 2), ipv4_address(0, 9),
		ipv4_address(1, 1), ipv4_address(1, 2), ipv4_address(9, 1)
	};
	const struct plan_line *line;
	unsigned int i, n = 6 * 6 * 4 * 4 * 6 * 2;
	struct flow flow;

	for (i = 0; i < n; i++) {
		flow = (struct flow){ .src = addresses[i % 6],
				      .dst = addresses[i / 6 % 6],
				      .proto = protos[i / 36 % 4],
				      .dport = i / 576 % 6,
				      .dir = i / 3456 ? FLOW_OUT : FLOW_IN };
		strcpy(flow.dir == FLOW_IN ? flow.in : flow.out, names[i / 144 % 4]);
		line = lookup(plan, &flow);
		if (line)
			used[line - plan->lines] = true;
	}
}

static void a_line_that_can_never_match_does_not(void **state)
{
	char text[4096];
	struct diag diag = { 0 };
	struct plan plan;
	bool used[40];
	size_t n, i, warned = 0;
	int round;

	(void)state;
	srand(1);
	for (round = 0; round < 200; round++) {
		for (n = i = 0; i < 30; i++)
			n += random_line(text + n, sizeof(text) - n);
		assert_int_equal(plan_parse("test", text, n, &plan, &diag), 0);
		memset(used, 0, sizeof(used));
		mark_lines(&plan, used);
		for (i = 0; i < diag.n; i++) {
			assert_string_equal(diag.v[i].what, "this line can never match");
			if (used[diag.v[i].pos.line - 1])
				fail_msg("%s\n%s", text, diag.v[i].text);
		}
		warned += diag.n;
		plan_done(&plan, &diag);
	}
	assert_true(warned > 500);
}

static void every_line_covers_its_like(void **state)
{
	char text[8192];
	struct diag diag = { 0 };
	struct plan plan;
	size_t n, i, late;
	int round;

	(void)state;
	srand(2);
	for (round = 0; round < 200; round++) {
		for (n = i = 0; i < 30; i++)
			n += random_line(text + n, sizeof(text) - n);
		/* all of them once more */
		memcpy(text + n, text, n);
		assert_int_equal(plan_parse("test", text, 2 * n, &plan, &diag), 0);
		for (late = i = 0; i < diag.n; i++)
			late += diag.v[i].pos.line > 30;
		assert_int_equal(late, 30);
		plan_done(&plan, &diag);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_plan_has_the_defaults),
		cmocka_unit_test(a_line_remembers_where_it_and_its_parts_stand),
		cmocka_unit_test(an_interface_clause_goes_to_the_side_that_has_it),
		cmocka_unit_test(a_text_in_memory_includes_nothing),
		cmocka_unit_test(errors_outlive_the_plan),
		cmocka_unit_test(a_file_that_cannot_be_read_is_an_error_of_its_own),
		cmocka_unit_test(ten_thousand_lines_are_read_in_order),
		cmocka_unit_test(ten_thousand_errors_are_all_reported),
		cmocka_unit_test(a_line_that_can_never_match_does_not),
		cmocka_unit_test(every_line_covers_its_like),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
