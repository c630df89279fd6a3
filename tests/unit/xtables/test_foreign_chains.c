// SPDX-License-Identifier: GPL-2.0-only
/* Chains of others: the answers are those of a walk along all paths, and take no time for chains
 * with more paths than anybody could walk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/cpu_clock.h"
#include "support/random_plan.h"
#include "util/buffer.h"
#include "xtables/table_text.h"

#define CHAINS 7
#define RULES 14
/* 0 is a hook; the last two are ours */
static const char *const names[CHAINS] = {
	"INPUT", "A", "B", "C", "D", "SECMARK2-X", "SECMARK2-Y"
};
static const char *const verdicts[] = { "ACCEPT", "RETURN", "MARK --set-mark 1" };

struct random_rule {
	unsigned int chain, target; /* from CHAINS on: a verdict */
	bool plain, go;
	char text[80];
};

struct random_table {
	struct random_rule v[RULES];
	unsigned int n;
};

static bool is_ours(unsigned int chain)
{
	return chain == CHAINS - 1 || chain == CHAINS - 2;
}

/* Chains call only chains after them, as the kernel wants it, unless @loops. */
static void make_rules(unsigned int *seed, bool loops, struct random_table *t)
{
	unsigned int i, first;

	t->n = random_below(seed, RULES + 1);
	for (i = 0; i < t->n; i++) {
		struct random_rule *r = &t->v[i];

		r->chain = random_below(seed, CHAINS - 2);
		first = loops ? 1 : r->chain + 1;
		r->target = first + random_below(seed, CHAINS + 3 - first);
		r->plain = random_below(seed, 2);
		r->go = r->target < CHAINS && random_below(seed, 4) == 0;
		snprintf(r->text, sizeof(r->text), "-A %s%s -%c %s", names[r->chain],
			 r->plain ? "" : " -p tcp", r->go ? 'g' : 'j',
			 r->target < CHAINS ? names[r->target] : verdicts[r->target - CHAINS]);
	}
}

static void read_rules(const struct random_table *t, struct table_text *text)
{
	unsigned int i;
	char *saved;
	size_t len;
	FILE *out = buffer_open(&saved, &len);

	fputs("*security\n", out);
	for (i = 0; i < t->n; i++)
		fprintf(out, "%s\n", t->v[i].text);
	fputs("COMMIT\n", out);
	buffer_close(out);
	table_text_read(saved, "security", text);
	free(saved);
}

/* ours: CHAINS means any */
static bool walk_to(const struct random_table *t, unsigned int chain, unsigned int ours,
		    unsigned int depth)
{
	unsigned int i;

	if (is_ours(chain))
		return ours == CHAINS || chain == ours;
	for (i = 0; i < t->n && depth < CHAINS; i++)
		if (t->v[i].chain == chain && t->v[i].target < CHAINS &&
		    walk_to(t, t->v[i].target, ours, depth + 1))
			return true;
	return false;
}

static const struct random_rule *walk_to_end(const struct random_table *t, unsigned int chain,
					     unsigned int depth)
{
	const struct random_rule *r;

	for (r = t->v; r < t->v + t->n && depth < CHAINS; r++) {
		if (r->chain != chain)
			continue;
		if (r->target < CHAINS && walk_to(t, r->target, CHAINS, 0)) {
			if (r->plain)
				return NULL;
			continue;
		}
		if (r->target == CHAINS || (!chain && (r->target == CHAINS + 1 || r->go)) ||
		    (r->target < CHAINS && walk_to_end(t, r->target, depth + 1)))
			return r;
	}
	return NULL;
}

/* The hook leads to X if a table that wants only this jump is the same, apart from chains. */
static bool text_leads(const struct table_text *have, unsigned int ours)
{
	struct table_text want;
	char text[80], *told;
	size_t len;
	FILE *out = buffer_open(&told, &len);
	bool jumps;

	snprintf(text, sizeof(text), "*security\n-A INPUT -j %s\nCOMMIT\n", names[ours]);
	table_text_read(text, "security", &want);
	table_text_change(have, &want, true, out);
	buffer_close(out);
	jumps = strstr(told, "-I INPUT 1 -j SECMARK2-");
	table_text_free(&want);
	free(told);
	return !jumps;
}

static void the_answers_are_those_of_a_walk(void **state)
{
	unsigned int seed = random_seed(), i;
	const struct random_rule *wanted;
	struct random_table t;
	struct table_text text;
	const char *end;

	(void)state;
	for (i = 0; i < 20000; i++) {
		make_rules(&seed, i % 4 == 0, &t);
		read_rules(&t, &text);
		end = table_text_ends_before(&text, "INPUT");
		wanted = walk_to_end(&t, 0, 0);
		assert_string_equal(end ? end : "none", wanted ? wanted->text : "none");
		assert_int_equal(text_leads(&text, CHAINS - 2), walk_to(&t, 0, CHAINS - 2, 0));
		assert_int_equal(text_leads(&text, CHAINS - 1), walk_to(&t, 0, CHAINS - 1, 0));
		table_text_free(&text);
	}
}

/* Asks all questions about a table that apply and status ask. */
static void ask_about_table(const char *saved, const char *ends)
{
	double begun = cpu_clock_ms(), ms;
	struct table_text have, want;
	const char *found;
	char *told;
	size_t len;
	FILE *out = buffer_open(&told, &len);

	table_text_read(saved, "security", &have);
	table_text_read("*security\n:SECMARK2-X - [0:0]\n-A INPUT -j SECMARK2-X\n-A OUTPUT -j "
			"SECMARK2-X\nCOMMIT\n",
			"security", &want);
	found = table_text_ends_before(&have, "INPUT");
	assert_string_equal(found ? found : "none", ends);
	assert_null(table_text_condition(&have, "INPUT"));
	assert_true(table_text_shared(&have, "INPUT"));
	assert_false(table_text_same(&have, &want));
	table_text_change(&have, &want, true, out);
	buffer_close(out);
	table_text_free(&have);
	table_text_free(&want);
	free(told);
	ms = cpu_clock_ms() - begun;
	/* some 100; what is quadratic takes minutes */
	if (ms > 5000)
		fail_msg("%.0f ms", ms);
}

static void many_rules_take_no_time(void **state)
{
	unsigned int i;
	char *saved;
	size_t len;
	FILE *out = buffer_open(&saved, &len);

	(void)state;
	fputs("*security\n", out);
	for (i = 0; i < 100000; i++)
		fprintf(out, "-A INPUT -p tcp -m tcp --dport %u -j MARK --set-mark 1\n", i % 65536);
	fputs("-A INPUT -p udp -j DROP\nCOMMIT\n", out);
	buffer_close(out);
	ask_about_table(saved, "-A INPUT -p udp -j DROP");
	free(saved);
}

/* 2^1000 paths, and no end */
static void chains_that_call_the_next_one_twice_take_no_time(void **state)
{
	unsigned int i;
	char *saved;
	size_t len;
	FILE *out = buffer_open(&saved, &len);

	(void)state;
	fputs("*security\n-A INPUT -p tcp -j C0\n-A OUTPUT -j C0\n", out);
	for (i = 0; i < 1000; i++)
		fprintf(out, "-A C%u -p tcp -j C%u\n-A C%u -j C%u\n", i, i + 1, i, i + 1);
	fputs("COMMIT\n", out);
	buffer_close(out);
	ask_about_table(saved, "none");
	free(saved);
}

/* Each chain is called by the hook and by the one before it. */
static void many_chains_take_no_time(void **state)
{
	unsigned int i;
	char *saved;
	size_t len;
	FILE *out = buffer_open(&saved, &len);

	(void)state;
	fputs("*security\n", out);
	for (i = 0; i < 20000; i++)
		fprintf(out, "-A INPUT -j C%u\n-A C%u -j C%u\n", i, i, i + 1);
	fputs("-A C20000 -j ACCEPT\nCOMMIT\n", out);
	buffer_close(out);
	ask_about_table(saved, "-A INPUT -j C0");
	free(saved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answers_are_those_of_a_walk),
		cmocka_unit_test(many_rules_take_no_time),
		cmocka_unit_test(chains_that_call_the_next_one_twice_take_no_time),
		cmocka_unit_test(many_chains_take_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
