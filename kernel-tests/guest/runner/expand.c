// SPDX-License-Identifier: GPL-2.0-only
/* Makes a test of each case, for each combination of its axes and each run. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/topology.h"
#include "runner/expand.h"
#include "runner/needs.h"
#include "runner/peers.h"
#include "runner/test.h"

#define FIRST_PORT 10000

/* How a value of an axis reads in a test's name. */
static const char *axis_text(const char *key, const char *value)
{
	if (!strcmp(key, "ip"))
		return !strcmp(value, "6") ? "IPv6" : "IPv4";
	return value;
}

static void vars_for_axis(struct test *t, const char *key, const char *value)
{
	char name[32];
	size_t i;

	for (i = 0; i < sizeof(name) - 1 && key[i]; i++)
		name[i] = key[i] == '-' ? '_' : key[i] & ~0x20;
	name[i] = '\0';
	vars_set(&t->vars, name, "%s", value);
}

/* backend=NAME[+module]: legacy or nft, whichever it needs. NULL: the test has no such axis. */
static const char *backend_variant(struct test *t)
{
	const char *backend = vars_get(&t->vars, "BACKEND", 7);
	char *name = must_printf("%s", backend ? backend : ""), *plus = strchr(name, '+');
	bool legacy;

	if (plus) {
		t->module = true;
		*plus = '\0';
		vars_set(&t->vars, "BACKEND", "%s", name);
	}
	legacy = !strcmp(name, "iptables-legacy") || !strcmp(name, "iptc");
	free(name);
	return !backend ? NULL : legacy ? "legacy" : "nft";
}

/*
 * sa=ah, esp or tunnel: what ip(8) wants of a state, and of the template of a policy for packets of
 * the client (TMPL_OUT) and of the server (TMPL_IN). A cipher would need random numbers, which a
 * guest has only after a while.
 */
static void vars_for_sa(struct test *t, const char *sa, bool v6)
{
	const char *proto = !strcmp(sa, "ah") ? "ah" : "esp";
	const char *mode = !strcmp(sa, "tunnel") ? "tunnel" : "transport";
	const char *client = t->topo->client[v6], *server = t->topo->server[v6];

	vars_set(&t->vars, "STATE",
		 "proto %s mode %s %sauth sha1 0x0123456789012345678901234567890123456789", proto,
		 mode, strcmp(proto, "ah") ? "enc cipher_null \"\" " : "");
	vars_set(&t->vars, "TMPL_OUT", "tmpl src %s dst %s proto %s mode %s level required", client,
		 server, proto, mode);
	vars_set(&t->vars, "TMPL_IN", "tmpl src %s dst %s proto %s mode %s level required", server,
		 client, proto, mode);
}

/* The variables every test has, made from its axes, its topology and its number. */
static void vars_for_test(struct test *t)
{
	const char *variant = vars_get(&t->vars, "IPT", 3), *ip = vars_get(&t->vars, "IP", 2);
	const char *backend = backend_variant(t), *sa = vars_get(&t->vars, "SA", 2);
	bool v6 = ip && !strcmp(ip, "6");
	char *tool;

	variant = variant ? variant : backend ? backend : "nft";
	/* IPT is the axis; from here on it is the command. */
	tool = must_printf("%s-%s", v6 ? "ip6tables" : "iptables", variant);
	vars_set(&t->vars, "VARIANT", "%s", variant);
	/* Both differ in the exit status after the kernel refuses, and in the name in messages. */
	vars_set(&t->vars, "REFUSED", "%d", !strcmp(variant, "nft") ? 4 : 1);
	vars_set(&t->vars, "PROGRAM", "%s", v6 ? "ip6tables" : "iptables");
	vars_set(&t->vars, "IPT", "%s", tool);
	vars_set(&t->vars, "IPT_SAVE", "%s-save", tool);
	vars_set(&t->vars, "IPT_RESTORE", "%s-restore", tool);
	free(tool);
	vars_set(&t->vars, "FAMILY", "%s", v6 ? "6" : "4");
	vars_set(&t->vars, "ICMP", "%s", v6 ? "ipv6-icmp" : "icmp");
	vars_set(&t->vars, "LO", "%s", v6 ? "::1" : "127.0.0.1");
	peers_port_set(&t->vars, FIRST_PORT + t->number);
	vars_set(&t->vars, "STOCK", "XTABLES_LIBDIR=/usr/lib/secmark2/stock");
	vars_set(&t->vars, "DROPIN",
		 "XTABLES_LIBDIR=/usr/lib/secmark2/drop-in:/usr/lib/secmark2/stock");
	vars_set(&t->vars, "CLIENT", "%s", t->topo->client[v6]);
	vars_set(&t->vars, "SERVER", "%s", t->topo->server[v6]);
	if (sa)
		vars_for_sa(t, sa, v6);
}

static bool expand_wanted(const struct selection *s, const struct test_case *tc, const char *name)
{
	bool match = !s->patterns.n;

	if (s->verdict && strcmp(s->verdict, case_verdict(tc)))
		return false;

	for (size_t i = 0; i < s->patterns.n; i++) {
		char *pattern = must_printf("*%s*", s->patterns.v[i]);

		match = match || fnmatch(pattern, name, 0) == 0;
		free(pattern);
	}
	return match;
}

/* Sets the values of the axes for this turn, and the test's name. The last axis turns fastest. */
static void axes_turn(struct test *t, const struct test_case *tc, size_t turns)
{
	size_t rest = t->turn, span = turns;

	t->values = must_printf("%s", "");
	for (size_t a = 0; a < tc->n_axes; a++) {
		const struct axis *axis = &tc->axes[a];
		char *before = t->values, *value;

		span /= axis->values.n;
		value = axis->values.v[rest / span];
		rest %= span;
		vars_for_axis(t, axis->key, value);
		t->values = must_printf("%s%s%s%s", before, a ? ", " : " (",
					axis_text(axis->key, value),
					a + 1 == tc->n_axes ? ")" : "");
		free(before);
	}
	t->name = must_printf("%s%s", tc->name, t->values);
}

/* Which run it is becomes part of the name, if there are several. */
static void test_number(struct test *t, int number, int repeat)
{
	char *before = t->name;

	t->number = number;
	if (repeat == 1)
		return;
	t->name = must_printf("%s, run %d of %d", before, t->round, repeat);
	free(before);
}

/* The name of a topology may be the value of an axis. */
static struct topology *test_topology(struct test *t)
{
	char *unknown, *name = vars_expand(&t->vars, t->tc->topo ? t->tc->topo : "lo", &unknown);
	struct topology *topo = name ? topology_find(name) : NULL;

	free(name);
	free(unknown);
	return topo;
}

static int test_add(const struct selection *s, struct tests *tests, struct test t, size_t turns)
{
	const struct test_case *tc = t.tc;

	for (size_t i = 0; i < tc->needs.n; i++) {
		if (needs_know(tc->needs.v[i]))
			continue;
		fprintf(stderr, "%s:%d: nothing is known about a need of %s\n", tc->file, tc->line,
			tc->needs.v[i]);
		return -1;
	}
	t.module = strs_has(&tc->needs, "module");
	axes_turn(&t, tc, turns);
	t.topo = test_topology(&t);
	if (!t.topo) {
		fprintf(stderr, "%s:%d: no topology named %s\n", tc->file, tc->line, tc->topo);
		return -1;
	}
	if (!expand_wanted(s, tc, t.name))
		return 0;
	test_number(&t, tests->n + 1, s->repeat);
	vars_for_test(&t);
	tests->v = realloc(tests->v, (tests->n + 1) * sizeof(t));
	if (!tests->v)
		abort();
	tests->v[tests->n++] = t;
	return 0;
}

static size_t case_turns(const struct test_case *tc)
{
	size_t turns = 1;

	for (size_t a = 0; a < tc->n_axes; a++)
		turns *= tc->axes[a].values.n;
	return turns;
}

/* The axis with the most values; of several the first. */
static size_t case_longest_axis(const struct test_case *tc)
{
	size_t longest = 0;

	for (size_t a = 1; a < tc->n_axes; a++)
		if (tc->axes[a].values.n > tc->axes[longest].values.n)
			longest = a;
	return longest;
}

static size_t turns_wanted(const struct selection *s, const struct test_case *tc)
{
	if (s->combinations == COMBINATIONS_ALL)
		return case_turns(tc);
	if (s->combinations == COMBINATIONS_FIRST || !tc->n_axes)
		return 1;
	return tc->axes[case_longest_axis(tc)].values.n;
}

/*
 * The nth turn that is wanted: of the longest axis the nth value; of each other axis the nth, too,
 * but behind the last value begins the next round: of the second other axis with its second value,
 * of the third with its third. So two of them are not always the same. The other values are those
 * one further on. Of axes with two values, both selections together have each pair with a value of
 * the longest axis.
 */
static size_t case_turn(const struct selection *s, const struct test_case *tc, size_t n)
{
	size_t turn = 0, longest = case_longest_axis(tc), others = 0;

	if (s->combinations == COMBINATIONS_ALL)
		return n;
	for (size_t a = 0; a < tc->n_axes; a++) {
		size_t values = tc->axes[a].values.n, value = n;

		if (a != longest) {
			value += others++ * (n / values);
			value += s->combinations == COMBINATIONS_OTHER_VALUES;
		}
		turn = turn * values + value % values;
	}
	return turn;
}

/*
 * Makes a test of each case and each combination of its axes that is wanted. Cases that share a
 * setup take turns together, so that the setup is done once for all of them. Returns 0 or -1.
 */
static int suite_expand(const struct selection *s, struct tests *tests, const struct suite *suite,
			int round)
{
	int err = 0;

	for (size_t i = 0, end; i < suite->n; i = end) {
		const struct test_case *first = suite->v[i];
		size_t turns = case_turns(first), wanted = turns_wanted(s, first);

		for (end = i + 1; end < suite->n && case_shares_setup(first, suite->v[end]); end++)
			;
		for (size_t n = 0; n < wanted; n++)
			for (size_t k = i; k < end; k++)
				err |= test_add(s, tests,
						(struct test){ .tc = suite->v[k],
							       .turn = case_turn(s, first, n),
							       .round = round },
						turns);
	}
	return err;
}

int tests_make(struct tests *tests, const struct suite *suite, const struct selection *s)
{
	int err = 0;

	for (int round = 1; round <= s->repeat; round++) {
		err |= suite_expand(s, tests, suite, round);
		if (tests->n <= TESTS_MAX)
			continue;
		fprintf(stderr, "too many tests for one boot, which has ports for %d\n", TESTS_MAX);
		return -1;
	}
	return err;
}
