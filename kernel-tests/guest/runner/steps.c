// SPDX-License-Identifier: GPL-2.0-only
/* The kinds of steps, and what each step has to cause: records, and lines of the kernel's log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/audit.h"
#include "kernel/kmsg.h"
#include "runner/steps.h"
#include "runner/test.h"
#include "steps/kinds.h"

const struct step_kind *const step_kinds[] = {
	&step_fail,
	&step_flow,
	&step_policy,
	&step_run,
	&step_secctx,
	&step_slabs,
	&step_talk,
	&step_unchecked,
	NULL,
};

const struct step_kind *step_kind_find(const char *name)
{
	for (const struct step_kind *const *k = step_kinds; *k; k++)
		if (!strcmp((*k)->name, name))
			return *k;
	return NULL;
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

void steps_run(struct test *t, const struct steps *steps)
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

void steps_finish(struct test *t)
{
	for (const struct step_kind *const *k = step_kinds; *k; k++)
		if ((*k)->finish)
			(*k)->finish(t);
}
