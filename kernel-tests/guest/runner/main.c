// SPDX-License-Identifier: GPL-2.0-only
/* The runner: reads the cases, makes a test of each combination of their axes, runs them, prints TAP. */
#include <fnmatch.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/audit.h"
#include "kernel/flush.h"
#include "kernel/kmsg.h"
#include "kernel/module.h"
#include "kernel/policy.h"
#include "net/topology.h"
#include "runner/steps.h"
#include "runner/test.h"
#include "tools/legacy.h"
#include "tools/nft.h"

#define FIRST_PORT 10000

struct options {
	bool list;
	bool exec; /* a command changes its domain when it is executed, as a whole policy wants it */
	int repeat; /* how often the cases run */
	struct strs patterns;
	struct strs files;
};

struct tests {
	struct test *v;
	size_t n;
};

/* What a kernel or a build may lack; a case that needs it is skipped with this reason. */
static const struct need {
	const char *name, *path, *reason;
} needs[] = {
	{ "drop-in", "/usr/lib/secmark2/drop-in/libxt_SECMARK.so", "the drop-in plugins are not built" },
	{ "module", MODULE_FILE, "there is no kernel module xt_secmark2" },
	{ "other-module", "/lib/modules/secmark2/other-revision.ko", "there is no such module of another revision" },
	{ "policies", POLICY_REDUCED, "there is no second policy" },
	{ "slabinfo", "/proc/slabinfo", "this kernel does not tell what its slab caches hold" },
	{ "ia32", "/sbin/guest-rule32", "the program for 32 bits is not built" },
	{ "ipv6", "/proc/net/if_inet6", "this kernel has no IPv6" },
	/* A protocol may be a module, which its first socket loads: sctp_load() sees to that. */
	{ "sctp", "/proc/net/sctp", "this kernel has no SCTP" },
};

static void sctp_load(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);

	if (fd >= 0)
		close(fd);
}

static const struct need *need_find(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(needs); i++)
		if (!strcmp(needs[i].name, name))
			return &needs[i];
	return NULL;
}

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

/* backend=NAME[+module]: which kernel half there has to be for it. NULL: the test has no such axis. */
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

/* The variables every test has, made from its axes, its topology and its number. */
static void vars_for_test(struct test *t)
{
	const char *variant = vars_get(&t->vars, "IPT", 3), *ip = vars_get(&t->vars, "IP", 2);
	const char *backend = backend_variant(t);
	bool v6 = ip && !strcmp(ip, "6");
	char *tool;

	variant = variant ? variant : backend ? backend : "nft";
	/* IPT is the axis; from here on it is the command. */
	tool = must_printf("%s-%s", v6 ? "ip6tables" : "iptables", variant);
	vars_set(&t->vars, "VARIANT", "%s", variant);
	/* The exit status when the kernel refuses, and the name in messages, are not the same for both. */
	vars_set(&t->vars, "REFUSED", "%d", !strcmp(variant, "nft") ? 4 : 1);
	vars_set(&t->vars, "PROGRAM", "%s", v6 ? "ip6tables" : "iptables");
	vars_set(&t->vars, "IPT", "%s", tool);
	vars_set(&t->vars, "IPT_SAVE", "%s-save", tool);
	vars_set(&t->vars, "IPT_RESTORE", "%s-restore", tool);
	free(tool);
	vars_set(&t->vars, "FAMILY", "%s", v6 ? "6" : "4");
	vars_set(&t->vars, "ICMP", "%s", v6 ? "ipv6-icmp" : "icmp");
	vars_set(&t->vars, "LO", "%s", v6 ? "::1" : "127.0.0.1");
	vars_set(&t->vars, "PORT", "%d", FIRST_PORT + t->number);
	vars_set(&t->vars, "STOCK", "XTABLES_LIBDIR=/usr/lib/secmark2/stock");
	vars_set(&t->vars, "DROPIN", "XTABLES_LIBDIR=/usr/lib/secmark2/drop-in:/usr/lib/secmark2/stock");
	vars_set(&t->vars, "CLIENT", "%s", t->topo->client[v6]);
	vars_set(&t->vars, "SERVER", "%s", t->topo->server[v6]);
}

static bool wanted(const struct options *o, const char *name)
{
	bool match = !o->patterns.n;

	for (size_t i = 0; i < o->patterns.n; i++) {
		char *pattern = must_printf("*%s*", o->patterns.v[i]);

		match = match || fnmatch(pattern, name, 0) == 0;
		free(pattern);
	}
	return match;
}

/* The values the axes have in this turn, the last axis turning fastest; and the name they give the test. */
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
		t->values = must_printf("%s%s%s%s", before, a ? ", " : " (", axis_text(axis->key, value),
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

static int test_add(const struct options *o, struct tests *tests, struct test t, size_t turns)
{
	const struct test_case *tc = t.tc;

	t.topo = topology_find(tc->topo ? tc->topo : "lo");

	if (!t.topo) {
		fprintf(stderr, "%s:%d: no topology named %s\n", tc->file, tc->line, tc->topo);
		return -1;
	}
	for (size_t i = 0; i < tc->needs.n; i++) {
		if (need_find(tc->needs.v[i]))
			continue;
		fprintf(stderr, "%s:%d: nothing is known about a need of %s\n", tc->file, tc->line, tc->needs.v[i]);
		return -1;
	}
	t.module = strs_has(&tc->needs, "module");
	axes_turn(&t, tc, turns);
	if (!wanted(o, t.name))
		return 0;
	test_number(&t, tests->n + 1, o->repeat);
	vars_for_test(&t);
	tests->v = realloc(tests->v, (tests->n + 1) * sizeof(t));
	if (!tests->v)
		abort();
	tests->v[tests->n++] = t;
	return 0;
}

/*
 * Makes a test of each case and each combination of its axes. Cases that share a setup take turns together, so that
 * the setup is done once for all of them. Returns 0 or -1.
 */
static int suite_expand(const struct options *o, struct tests *tests, const struct suite *suite,
			int round)
{
	int err = 0;

	for (size_t i = 0, end; i < suite->n; i = end) {
		const struct test_case *first = suite->v[i];
		size_t turns = 1;

		for (end = i + 1; end < suite->n && case_shares_setup(first, suite->v[end]); end++)
			;
		for (size_t a = 0; a < first->n_axes; a++)
			turns *= first->axes[a].values.n;
		for (size_t turn = 0; turn < turns; turn++)
			for (size_t k = i; k < end; k++)
				err |= test_add(o, tests,
						(struct test){ .tc = suite->v[k], .turn = turn, .round = round }, turns);
	}
	return err;
}

/* Emptying a table is enough to find out, but that takes the code for 32-bit programs. */
static bool ia32_works(void)
{
	return system("/sbin/guest-rule32 4 security > /dev/null 2>&1") == 0;
}

/* NULL: it can run. */
static const char *skip_reason(const struct test *t)
{
	bool v6 = !strcmp(vars_get(&t->vars, "FAMILY", 6), "6");

	if (strs_has(&t->tc->needs, "sctp"))
		sctp_load();
	for (size_t i = 0; i < N_ELEMENTS(needs); i++) {
		bool needed = strs_has(&t->tc->needs, needs[i].name) || (v6 && !strcmp(needs[i].name, "ipv6")) ||
			      (t->module && !strcmp(needs[i].name, "module"));

		if (needed && access(needs[i].path, F_OK))
			return needs[i].reason;
	}
	if (strs_has(&t->tc->needs, "ia32") && !ia32_works())
		return "this kernel takes no rules from 32-bit programs";
	if (!strcmp(vars_get(&t->vars, "VARIANT", 7), "legacy"))
		return legacy_works(v6) ? NULL : "this kernel has no legacy iptables with SECMARK";
	return nft_works(v6) ? NULL : "this kernel has no nf_tables that take SECMARK";
}

static void test_print(const struct test *t)
{
	printf("%sok %d - %s\n", t->why.n ? "not " : "", t->number, t->name);
	for (size_t i = 0; i < t->why.n; i++)
		printf("# %s\n", t->why.v[i]);
}

static int no_verdict(const char *why)
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
 * What tests need. Without it the kernel is not bad, only not to be judged. Returns NULL when all is
 * there, or text that the caller frees.
 */
static char *bench_lacks(const struct tests *tests)
{
	for (size_t i = 0; i < tests->n; i++) {
		const struct test *t = &tests->v[i];
		char *why = skip_reason(t) ? NULL : topology_build(t->topo);

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

static int tests_run(const struct options *o, struct tests *tests)
{
	struct bench bench = { .exec = o->exec, .dirty = true };
	int kmsg = kmsg_open();
	struct audit audit;
	struct avc flushed;
	long long start = now_ms();
	int failed = 0;
	char *lacks;

	printf("1..%zu\n", tests->n);
	if (audit_open(&audit))
		return no_verdict("no audit netlink");
	if (kmsg < 0)
		return no_verdict("the kernel's log cannot be read");
	if (!legacy_works(0) && !nft_works(0))
		return no_verdict("this kernel has no target SECMARK");
	lacks = bench_lacks(tests);
	if (lacks)
		return no_verdict(lacks);
	flush_expect(&flushed);
	avcs_add(&audit.known, &flushed);
	for (size_t i = 0; i < tests->n; i++) {
		struct test *t = &tests->v[i];
		const char *skip = skip_reason(t);

		t->audit = &audit;
		t->kmsg = kmsg;
		t->bench = &bench;
		if (skip) {
			printf("ok %d - %s # SKIP %s\n", t->number, t->name, skip);
			continue;
		}
		test_run(t, i + 1 == tests->n);
		test_print(t);
		failed += t->why.n != 0;
	}
	printf("# %lld ms\n", now_ms() - start);
	return failed ? 1 : 0;
}

static int tests_list(const struct tests *tests)
{
	for (size_t i = 0; i < tests->n; i++)
		printf("%s\t%s\t%s\n", tests->v[i].tc->file, tests->v[i].name,
		       case_denies(tests->v[i].tc) ? "deny" : "allow");
	return 0;
}

/* Each run has all cases in their order, so that none runs twice on one setup. */
static int tests_make(const struct options *o, struct tests *tests, const struct suite *suite)
{
	int err = 0;

	for (int round = 1; round <= o->repeat; round++) {
		err |= suite_expand(o, tests, suite, round);
		if (tests->n <= TESTS_MAX)
			continue;
		fprintf(stderr, "too many tests for one boot, which has ports for %d\n", TESTS_MAX);
		return -1;
	}
	return err;
}

static void options_parse(struct options *o, int argc, char **argv)
{
	o->repeat = 1;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--list"))
			o->list = true;
		else if (!strcmp(argv[i], "--exec"))
			o->exec = true;
		else if (!strcmp(argv[i], "--case") && i + 1 < argc)
			strs_add(&o->patterns, argv[++i]);
		else if (!strcmp(argv[i], "--repeat") && i + 1 < argc)
			o->repeat = atoi(argv[++i]);
		else
			strs_add(&o->files, argv[i]);
	}
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct tests tests = { 0 };
	struct suite suite = { 0 };
	int err = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	options_parse(&o, argc, argv);
	for (size_t i = 0; i < o.files.n; i++)
		err |= suite_read(&suite, o.files.v[i]);
	if (!err)
		err = tests_make(&o, &tests, &suite);
	if (err)
		return no_verdict("the case files cannot be read");
	return o.list ? tests_list(&tests) : tests_run(&o, &tests);
}
