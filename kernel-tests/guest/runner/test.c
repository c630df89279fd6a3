// SPDX-License-Identifier: GPL-2.0-only
/* One test: removes what the one before has left, does its setup, does its steps. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/audit.h"
#include "kernel/flush.h"
#include "kernel/kmsg.h"
#include "kernel/module.h"
#include "kernel/policy.h"
#include "net/topology.h"
#include "runner/peers.h"
#include "runner/steps.h"
#include "runner/test.h"

#define CASES "/etc/secmark2/cases/"

const char *case_file(const char *path)
{
	return strncmp(path, CASES, strlen(CASES)) ? path : path + strlen(CASES);
}

void test_fail(struct test *t, const struct step *step, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	if (step)
		strs_add(&t->why,
			 must_printf("%s:%d: %s", case_file(step->file), step->line, text));
	else
		strs_add(&t->why, must_printf("%s", text));
	free(text);
}

char *step_expand(struct test *t, const struct step *step, const char *text)
{
	char *unknown, *out = vars_expand(&t->vars, text, &unknown);

	if (!out)
		test_fail(t, step, "unknown variable %s", unknown);
	free(unknown);
	return out;
}

static void bench_offer_module(struct test *t, bool offered)
{
	struct bench *b = t->bench;
	int err = 0;

	/* A failed test may have left another module. */
	if (b->module && (!offered || b->suspect))
		err = module_offer(false);
	if (offered && !err && (!b->module || b->suspect))
		err = module_offer(true);
	if (err)
		test_fail(t, NULL, "the module: %s",
			  err == -EAGAIN ? "it is still in use" : strerror(-err));
	b->module = offered;
	b->suspect = false;
}

/*
 * Reads what the kernel has logged since the last test. judged: it is a fault. A policy that comes
 * back logs something, and that is none.
 */
static void log_clear(struct test *t, bool judged)
{
	struct strs lines = { 0 };

	kmsg_read(t->kmsg, &lines);
	for (size_t i = 0; judged && i < lines.n; i++)
		test_fail(t, NULL, "late log: %s", lines.v[i]);
	strs_free(&lines);
}

/* Before the flush, which finds out whether packets are still checked: that is up to the policy. */
static void policy_restore(struct test *t)
{
	int err;

	if (!t->bench->other_policy)
		return;
	log_clear(t, true);
	err = policy_reload(POLICY_WHOLE);
	if (err)
		test_fail(t, NULL, "the policy: %s", strerror(-err));
	log_clear(t, false);
	t->bench->other_policy = false;
}

/*
 * Removes what earlier tests have left, and fails the test for records that came too late for them.
 */
static void bench_clear(struct test *t, bool module)
{
	int err;

	policy_restore(t);
	steps_undo(t);
	/* A whole policy has no domain for the probe; its cases load rules, and send nothing. */
	err = t->bench->dirty ? flush_all(!t->bench->exec) : 0;
	log_clear(t, true);
	if (err)
		test_fail(t, NULL, "the flush: %s",
			  err == -EBUSY ? "packets are still checked" : strerror(-err));
	bench_offer_module(t, module);
	audit_sync(t->audit);
	for (size_t i = 0; i < t->audit->came.n; i++) {
		char *text = avc_print(&t->audit->came.v[i]);

		if (!avcs_has(&t->audit->often, &t->audit->came.v[i]))
			test_fail(t, NULL, "late record: %s", text);
		free(text);
	}
	audit_reset(t->audit);
	avcs_free(&t->audit->often);
	t->bench->setup = NULL;
	t->bench->dirty = false;
}

static bool lines_same(const struct test *a, const struct test *b, const struct strs *lines)
{
	bool same = true;

	for (size_t i = 0; same && i < lines->n; i++) {
		char *unknown[2], *text[2] = { vars_expand(&a->vars, lines->v[i], &unknown[0]),
					       vars_expand(&b->vars, lines->v[i], &unknown[1]) };

		same = text[0] && text[1] && !strcmp(text[0], text[1]);
		for (int k = 0; k < 2; k++) {
			free(text[k]);
			free(unknown[k]);
		}
	}
	return same;
}

/* Would the setup do the same for both, word for word? Only commands can be compared this way. */
static bool setup_same(const struct test *a, const struct test *b)
{
	const struct steps *steps = &b->tc->setup->steps;
	bool same = true;

	for (size_t i = 0; same && i < steps->n; i++) {
		const struct step *step = &steps->v[i];
		const struct strs text = { .v = (char **)&step->text, .n = 1 };

		same = step->kind->streams && lines_same(a, b, &text) &&
		       lines_same(a, b, &step->in) && lines_same(a, b, &step->out) &&
		       lines_same(a, b, &step->err) && lines_same(a, b, &step->avc) &&
		       lines_same(a, b, &step->log);
	}
	return same;
}

/*
 * Are the rules of an earlier test still there, and the same as this test's? Then it uses their
 * port.
 */
static bool setup_stands(struct test *t)
{
	const struct bench *b = t->bench;
	bool same;
	int port;

	if (!b->setup || b->setup != t->tc->setup || b->by->round != t->round ||
	    b->by->topo != t->topo || b->module != t->module)
		return false;
	port = atoi(vars_get(&t->vars, "PORT", 4));
	peers_port_set(&t->vars, atoi(vars_get(&b->by->vars, "PORT", 4)));
	same = !strcmp(b->by->values, t->values) || setup_same(b->by, t);
	if (!same)
		peers_port_set(&t->vars, port);
	return same;
}

static void bench_set_up(struct test *t)
{
	struct bench *b = t->bench;

	if (setup_stands(t))
		return;
	bench_clear(t, t->module);
	if (!t->tc->setup)
		return;
	steps_run(t, &t->tc->setup->steps);
	b->setup = t->tc->setup;
	b->by = t;
}

void test_run(struct test *t, bool last)
{
	bool changes = false;

	bench_set_up(t);
	for (size_t i = 0; t->bench->records && i < t->vars.list.n; i++)
		printf("# variable %s\n", t->vars.list.v[i]);
	steps_run(t, &t->tc->steps);
	steps_finish(t);
	for (size_t i = 0; i < t->tc->steps.n; i++)
		changes |= t->tc->steps.v[i].kind->changes;
	t->bench->suspect = t->why.n;
	/* After rules of its own or a failure the next test starts anew. */
	if (changes || t->why.n)
		t->bench->setup = NULL;
	if (last)
		bench_clear(t, false);
}
