// SPDX-License-Identifier: GPL-2.0-only
/* One test from start to end: its setup, its steps, the records each step has to cause. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/audit.h"
#include "kernel/flush.h"
#include "kernel/kmsg.h"
#include "kernel/module.h"
#include "net/topology.h"
#include "runner/test.h"
#include "steps/flow.h"
#include "steps/policy.h"

static const struct step_kind kinds[] = {
	{ "run", step_run_command, true, true },
	{ "fail", step_fail_command, true, true },
	{ "talk", step_talk, false, false },
	{ "flow", step_flow, false, false },
	{ "slabs", step_slabs, false, false },
	{ "policy", step_policy, true, false },
	{ "secctx", step_secctx, false, false },
	{ "unchecked", step_unchecked, false, false },
};

const struct step_kind *step_kind_find(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

void test_fail(struct test *t, const struct step *step, const char *fmt, ...)
{
	const char *base = step ? strrchr(step->file, '/') : NULL;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	if (step)
		strs_add(&t->why, must_printf("%s:%d: %s", base ? base + 1 : step->file, step->line, text));
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

static bool is_flow(const struct test *t, const char *flow)
{
	if (!strncmp(flow, "data ", 5))
		flow += 5;
	return t->talks && (!strcmp(flow, "client>server") || !strcmp(flow, "server>client"));
}

/* The addresses of the last talk, and the ports if its protocol has them. */
static void flow_print(const struct test *t, FILE *f, const char *flow)
{
	const int *ports = !strncmp(flow, "data ", 5) ? t->data_ports : t->ports;
	int from = strstr(flow, "server>client") != NULL;

	fprintf(f, " saddr=%s", t->addresses[from]);
	if (t->talk_ports)
		fprintf(f, " src=%d", ports[from]);
	fprintf(f, " daddr=%s", t->addresses[!from]);
	if (t->talk_ports)
		fprintf(f, " dest=%d", ports[!from]);
}

/*
 * "avc SOURCE TARGET:CLASS PERMISSION [[data ]client>server|server>client]" as the record it stands for.
 * Returns text the caller frees, NULL if it cannot be read.
 */
static char *avc_expected(struct test *t, const struct step *step, const char *line)
{
	char source[128], target[128], perm[64], *text = NULL, *class, *scon, *tcon;
	char *expanded = step_expand(t, step, line);
	size_t size;
	int used = 0;
	FILE *f;

	if (!expanded || sscanf(expanded, "%127s %127s %63s %n", source, target, perm, &used) < 3 ||
	    !(class = strrchr(target, ':')) || (expanded[used] && !is_flow(t, expanded + used))) {
		free(expanded);
		return NULL;
	}
	*class++ = '\0';
	scon = context_of("system_r", source);
	tcon = context_of(strcmp(class, "process") ? "object_r" : "system_r", target);
	f = open_memstream(&text, &size);
	fprintf(f, "{ %s } scontext=%s tcontext=%s tclass=%s", perm, scon, tcon, class);
	if (expanded[used])
		flow_print(t, f, expanded + used);
	fclose(f);
	free(scon);
	free(tcon);
	free(expanded);
	return text;
}

static void records_compare(struct test *t, const struct step *step)
{
	const struct audit *a = t->audit;
	struct strs want = { 0 };
	bool same = a->n == step->avc.n;

	for (size_t i = 0; i < step->avc.n; i++) {
		char *text = avc_expected(t, step, step->avc.v[i]);

		strs_add(&want, text ? text : must_printf("? %s", step->avc.v[i]));
	}
	for (size_t i = 0; same && i < want.n; i++)
		same = !strcmp(want.v[i], a->v[i].text);
	if (!same) {
		test_fail(t, step, "the kernel's records differ");
		for (size_t i = 0; i < want.n; i++)
			test_fail(t, NULL, "  expected avc %s", want.v[i]);
		for (size_t i = 0; i < a->n; i++)
			test_fail(t, NULL, "       got avc %s", a->v[i].text);
	}
	strs_free(&want);
}

/* What is expected and what came, when they are not the same. */
static void log_compare(struct test *t, const struct step *step)
{
	struct strs want = { 0 }, have = { 0 };
	bool same;

	for (size_t i = 0; i < step->log.n; i++)
		strs_add(&want, step_expand(t, step, step->log.v[i]));
	kmsg_read(t->kmsg, &have);
	same = want.n == have.n;
	for (size_t i = 0; same && i < want.n; i++)
		same = want.v[i] && !strcmp(want.v[i], have.v[i]);
	if (!same) {
		test_fail(t, step, "the kernel's log differs");
		for (size_t i = 0; i < want.n; i++)
			test_fail(t, NULL, "  expected log %s", want.v[i] ? want.v[i] : "?");
		for (size_t i = 0; i < have.n; i++)
			test_fail(t, NULL, "       got log %s", have.v[i]);
	}
	strs_free(&want);
	strs_free(&have);
}

static void steps_do(struct test *t, const struct steps *steps)
{
	/* Where one step failed the rest would only repeat it. */
	for (size_t i = 0; i < steps->n && !t->why.n; i++) {
		const struct step *step = &steps->v[i];

		t->bench->dirty |= step->kind->changes;
		step->kind->run(t, step);
		if (audit_sync(t->audit))
			test_fail(t, step, "the audit channel does not answer");
		records_compare(t, step);
		log_compare(t, step);
		audit_reset(t->audit);
	}
}

static void bench_offer_module(struct test *t, bool offered)
{
	struct bench *b = t->bench;
	int err = 0;

	/* Whatever module a failed test has left is not the one that the next wants. */
	if (b->module && (!offered || b->suspect))
		err = module_offer(false);
	if (offered && !err && (!b->module || b->suspect))
		err = module_offer(true);
	if (err)
		test_fail(t, NULL, "the module: %s", err == -EAGAIN ? "it is still in use" : strerror(-err));
	b->module = offered;
	b->suspect = false;
}

/* What the kernel has logged since the last test; a policy that comes back has its say, which is nobody's fault. */
static void log_clear(struct test *t, bool judged)
{
	struct strs lines = { 0 };

	kmsg_read(t->kmsg, &lines);
	for (size_t i = 0; judged && i < lines.n; i++)
		test_fail(t, NULL, "late log: %s", lines.v[i]);
	strs_free(&lines);
}

/* Removes what earlier tests left, and notices what they caused too late for their own verdict. */
static void bench_clear(struct test *t, bool module)
{
	/* A whole policy has no domain for the probe; its cases load rules, and send nothing. */
	int err = t->bench->dirty ? flush_all(!t->bench->exec) : 0;

	log_clear(t, true);
	if (err)
		test_fail(t, NULL, "the flush: %s", err == -EBUSY ? "packets are still checked" : strerror(-err));
	bench_offer_module(t, module);
	err = t->bench->reduced ? policy_reload(POLICY_WHOLE) : 0;
	if (err)
		test_fail(t, NULL, "the policy: %s", strerror(-err));
	if (t->bench->reduced)
		log_clear(t, false);
	t->bench->reduced = false;
	audit_sync(t->audit);
	for (size_t i = 0; i < t->audit->n; i++)
		test_fail(t, NULL, "late record: %s", t->audit->v[i].text);
	audit_reset(t->audit);
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

/* Would the setup do the same for both, word for word? What is no command means more than it says. */
static bool setup_same(const struct test *a, const struct test *b)
{
	const struct steps *steps = &b->tc->setup->steps;
	bool same = true;

	for (size_t i = 0; same && i < steps->n; i++) {
		const struct step *step = &steps->v[i];
		const struct strs text = { .v = (char **)&step->text, .n = 1 };

		same = step->kind->streams && lines_same(a, b, &text) && lines_same(a, b, &step->in) &&
		       lines_same(a, b, &step->out) && lines_same(a, b, &step->err) && lines_same(a, b, &step->avc) &&
		       lines_same(a, b, &step->log);
	}
	return same;
}

/* Do the rules of a test before this one stand, and would be the same? Then they have its port. */
static bool setup_stands(struct test *t)
{
	const struct bench *b = t->bench;
	char *port;
	bool same;

	if (!b->setup || b->setup != t->tc->setup || b->by->topo != t->topo || b->module != t->module)
		return false;
	port = must_printf("%s", vars_get(&t->vars, "PORT", 4));
	vars_set(&t->vars, "PORT", "%s", vars_get(&b->by->vars, "PORT", 4));
	same = !strcmp(b->by->values, t->values) || setup_same(b->by, t);
	if (!same)
		vars_set(&t->vars, "PORT", "%s", port);
	free(port);
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
	steps_do(t, &t->tc->setup->steps);
	b->setup = t->tc->setup;
	b->by = t;
}

void test_run(struct test *t, bool last)
{
	bool changes = false;

	bench_set_up(t);
	steps_do(t, &t->tc->steps);
	if (t->flow && !t->why.n)
		test_fail(t, NULL, "the flow has no end");
	flow_free(t->flow);
	t->flow = NULL;
	free(t->slabs);
	t->slabs = NULL;
	for (size_t i = 0; i < t->tc->steps.n; i++)
		changes |= t->tc->steps.v[i].kind->changes;
	t->bench->suspect = t->why.n;
	/* Rules of its own, or a failure, and the next test has to start anew. */
	if (changes || t->why.n)
		t->bench->setup = NULL;
	if (last)
		bench_clear(t, false);
}
