// SPDX-License-Identifier: GPL-2.0-only
/* The runner: reads the cases, runs them, prints TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/audit.h"
#include "kernel/flush.h"
#include "kernel/kmsg.h"
#include "net/topology.h"
#include "runner/expand.h"
#include "runner/needs.h"
#include "runner/steps.h"
#include "runner/test.h"
#include "tools/legacy.h"
#include "tools/nft.h"

struct options {
	bool list;
	const char *topology; /* build this one, and run nothing */
	bool records;         /* show the records of each step */
	bool verbose;         /* show how long each test took */
	bool exec; /* a command changes its domain when it is executed: a whole policy requires it
		    */
	struct selection selection;
	struct strs files;
	size_t part, parts; /* run the part-th of so many parts of the tests, from 1 on */
};

static void test_print(const struct test *t)
{
	printf("%sok %d - %s\n", t->why.n ? "not " : "", t->number, t->name);
	for (size_t i = 0; i < t->why.n; i++)
		printf("# %s\n", t->why.v[i]);
}

static int main_no_verdict(const char *why)
{
	printf("Bail out! cannot judge: %s\n", why);
	return 1;
}

static bool steps_use(const struct steps *steps, const struct step_kind *kind)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->v[i].kind == kind)
			return true;
	return false;
}

static bool tests_use(const struct tests *tests, const struct step_kind *kind)
{
	for (size_t i = 0; i < tests->n; i++) {
		const struct test_case *tc = tests->v[i].tc;
		const struct test_case *setup = tc->setup;

		if (steps_use(&tc->steps, kind) || (setup && steps_use(&setup->steps, kind)))
			return true;
	}
	return false;
}

/*
 * What tests need and this kernel lacks. Such a kernel is not bad: it cannot be judged. Returns
 * NULL when nothing is missing, or text that the caller frees.
 */
static char *bench_lacks(const struct tests *tests)
{
	for (size_t i = 0; i < tests->n; i++) {
		const struct test *t = &tests->v[i];
		char *why = needs_missing(t) ? NULL : topology_build(t->topo);

		if (why)
			return must_printf("topology %s cannot be built: %s", t->topo->name, why);
	}
	for (const struct step_kind *const *k = step_kinds; *k; k++) {
		const char *lacks = (*k)->lacks && tests_use(tests, *k) ? (*k)->lacks() : NULL;

		if (lacks)
			return must_printf("%s", lacks);
	}
	return NULL;
}

/* Where the tests of a part end. Tests in a row that share a setup stay together. */
static size_t part_end(const struct tests *all, size_t part, size_t parts)
{
	size_t at = all->n * part / parts;

	while (at > 0 && at < all->n && all->v[at].tc->setup &&
	       all->v[at].tc->setup == all->v[at - 1].tc->setup)
		at++;
	return at;
}

static struct tests tests_of_part(const struct options *o, const struct tests *all)
{
	size_t from = part_end(all, o->part - 1, o->parts);

	return (struct tests){ .v = all->v + from, .n = part_end(all, o->part, o->parts) - from };
}

/* total: the number of tests of all parts */
static int tests_run(const struct options *o, struct tests *tests, size_t total)
{
	struct bench bench = { .exec = o->exec, .records = o->records, .dirty = true };
	int kmsg = kmsg_open();
	struct audit audit;
	long long start = now_ms(), began;
	int failed = 0;
	char *lacks;

	printf("1..%zu\n", total);
	if (audit_open(&audit))
		return main_no_verdict("no audit netlink");
	if (kmsg < 0)
		return main_no_verdict("the kernel's log cannot be read");
	if (!legacy_works(0) && !nft_works(0))
		return main_no_verdict("this kernel has no target SECMARK");
	lacks = bench_lacks(tests);
	if (lacks)
		return main_no_verdict(lacks);
	flush_expect(&audit.known);
	for (size_t i = 0; i < tests->n; i++) {
		struct test *t = &tests->v[i];
		const char *skip = needs_missing(t);

		t->audit = &audit;
		t->kmsg = kmsg;
		t->bench = &bench;
		if (skip) {
			printf("ok %d - %s # SKIP %s\n", t->number, t->name, skip);
			continue;
		}
		began = now_ms();
		test_run(t, i + 1 == tests->n);
		test_print(t);
		if (o->verbose)
			printf("# test %d: %lld ms\n", t->number, now_ms() - began);
		failed += t->why.n != 0;
	}
	printf("# %lld ms\n", now_ms() - start);
	return failed ? 1 : 0;
}

static int tests_list(const struct tests *tests)
{
	for (size_t i = 0; i < tests->n; i++)
		printf("%s\t%s\t%s\n", tests->v[i].tc->file, tests->v[i].name,
		       case_verdict(tests->v[i].tc));
	return 0;
}

/* For a shell. The namespaces stay: they have names below /run/netns. */
static int main_topology(const char *name)
{
	struct topology *topo = topology_find(name);
	char *why = topo ? topology_build(topo) : must_printf("there is none of this name");

	if (!why)
		return 0;
	fprintf(stderr, "topology %s: %s\n", name, why);
	free(why);
	return 1;
}

static void options_parse(struct options *o, int argc, char **argv)
{
	/* The kernel puts words of its command line that it does not know into the environment. */
	const char *part = getenv("secmark2_part");

	o->selection.repeat = 1;
	if (!part || sscanf(part, "%zu/%zu", &o->part, &o->parts) != 2 || !o->part ||
	    o->part > o->parts)
		o->part = o->parts = 1;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--list"))
			o->list = true;
		else if (!strcmp(argv[i], "--exec"))
			o->exec = true;
		else if (!strcmp(argv[i], "--records"))
			o->records = true;
		else if (!strcmp(argv[i], "--verbose"))
			o->verbose = true;
		else if (!strcmp(argv[i], "--once"))
			o->selection.combinations = COMBINATIONS_FIRST;
		else if (!strcmp(argv[i], "--each-value"))
			o->selection.combinations = COMBINATIONS_EACH_VALUE;
		else if (!strcmp(argv[i], "--other-values"))
			o->selection.combinations = COMBINATIONS_OTHER_VALUES;
		else if (!strcmp(argv[i], "--topology") && i + 1 < argc)
			o->topology = argv[++i];
		else if (!strcmp(argv[i], "--case") && i + 1 < argc)
			strs_add(&o->selection.patterns, argv[++i]);
		else if (!strcmp(argv[i], "--verdict") && i + 1 < argc)
			o->selection.verdict = argv[++i];
		else if (!strcmp(argv[i], "--repeat") && i + 1 < argc)
			o->selection.repeat = atoi(argv[++i]);
		else
			strs_add(&o->files, argv[i]);
	}
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct tests all = { 0 }, tests;
	struct suite suite = { 0 };
	int err = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	options_parse(&o, argc, argv);
	if (o.topology)
		return main_topology(o.topology);
	for (size_t i = 0; i < o.files.n; i++)
		err |= suite_read(&suite, o.files.v[i]);
	if (!err)
		err = tests_make(&all, &suite, &o.selection);
	if (err)
		return main_no_verdict("the case files cannot be read");
	tests = tests_of_part(&o, &all);
	return o.list ? tests_list(&tests) : tests_run(&o, &tests, all.n);
}
