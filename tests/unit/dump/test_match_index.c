// SPDX-License-Identifier: GPL-2.0-only
/* The index of matches finds what a look at each of them finds. */
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
#include "dump/match_index.h"

#define MATCHES 200
#define SEARCHES 300
#define ROUNDS 20

static unsigned int seed = 1;

static unsigned int match_index_random(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return seed / 65536 % n;
}

static void random_nets(struct match_nets *nets)
{
	static const char *const texts[] = { "10.0.0.0/8",  "10.1.0.0/16", "10.1.2.3",
					     "10.1.2.2",    "0.0.0.0/0",   "192.0.2.0/25",
					     "192.0.2.129", "fd00::/8",    "fd00::1",
					     "fd00::/127",  "::/0",        "8000::/1" };
	unsigned int i = match_index_random(4);
	struct err err;
	struct net net;

	for (; i > 0 && i < 3; i--) {
		assert_int_equal(net_parse(texts[match_index_random(12)], &net, &err), 0);
		match_nets_add(nets, &net);
	}
	nets->negated = nets->n && !match_index_random(5);
}

static void random_iface(struct plan_iface *iface)
{
	static const char *const names[] = { "eth0", "eth1", "eth", "eth+",           "eth0+",
					     "e+",   "+",    "lo",  "abcdefghijklmno" };

	if (match_index_random(3))
		return;
	strcpy(iface->name, names[match_index_random(9)]);
	iface->negated = !match_index_random(4);
}

static void random_match(struct dump_match *m)
{
	unsigned int lo, width, i;

	*m = (struct dump_match){ .proto = match_index_random(4) ? 6 + 11 * match_index_random(2) :
								   0 };
	/* some have more prefixes than a trie takes */
	for (i = match_index_random(3) * (match_index_random(20) ? 1 : 10); m->proto && i > 0;
	     i--) {
		width = match_index_random(2) ? 1 : 1 + match_index_random(300);
		lo = match_index_random(20) * 50 + match_index_random(3);
		assert_int_equal(ports_add(&m->ports, lo, lo + width - 1), 0);
	}
	random_nets(&m->from);
	random_nets(&m->to);
	random_iface(&m->in);
	random_iface(&m->out);
}

/* Those that are in, and not apart, in the order of their numbers, up to so many */
static size_t find_by_looking(const struct dump_match *v, const bool *out,
			      const struct dump_match *m, size_t max, size_t *found)
{
	size_t i, n = 0;

	for (i = 0; i < MATCHES && n < max; i++)
		if (!out[i] && !dump_match_apart(&v[i], m))
			found[n++] = i;
	return n;
}

static void search_and_drop(struct match_index *x, const struct dump_match *v, bool *out)
{
	size_t found[MATCHES], n, got, i;
	const size_t *numbers;
	struct dump_match m;

	random_match(&m);
	n = find_by_looking(v, out, &m, SIZE_MAX, found);
	got = match_index_find(x, &m, SIZE_MAX, &numbers);
	assert_int_equal(got, n);
	for (i = 0; i < n; i++)
		assert_int_equal(numbers[i], found[i]);
	assert_int_equal(match_index_find(x, &m, 1, &numbers), n > 0);
	assert_int_equal(match_index_find(x, &m, 3, &numbers), n < 3 ? n : 3);
	/* the last search found some of them */
	for (i = 0; i < n && i < 3 && !match_index_random(10); i++) {
		match_index_drop(x, numbers[i]);
		out[numbers[i]] = true;
	}
	dump_match_free(&m);
}

static void the_index_finds_what_a_look_at_each_finds(void **state)
{
	struct dump_match v[MATCHES];
	bool out[MATCHES];
	struct match_index *x;
	size_t round, i;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		x = match_index_new();
		for (i = 0; i < MATCHES; i++) {
			random_match(&v[i]);
			out[i] = false;
			assert_int_equal(match_index_add(x, &v[i]), i);
		}
		for (i = 0; i < SEARCHES; i++)
			search_and_drop(x, v, out);
		match_index_free(x);
		for (i = 0; i < MATCHES; i++)
			dump_match_free(&v[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_index_finds_what_a_look_at_each_finds),
	};

	return cmocka_run_group_tests_name("match_index", tests, NULL, NULL);
}
