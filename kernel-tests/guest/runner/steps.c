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
	&step_fail, &step_flow,   &step_netlabel,  &step_peercon, &step_policy,
	&step_run,  &step_secctx, &step_session,   &step_slabs,   &step_sysctl,
	&step_talk, &step_undo,   &step_unchecked, NULL,
};

const struct step_kind *step_kind_find(const char *name)
{
	for (const struct step_kind *const *k = step_kinds; *k; k++)
		if (!strcmp((*k)->name, name))
			return *k;
	return NULL;
}

/* Does the record of a line come once or more? */
static bool line_often(const char *line)
{
	return !strncmp(line, STEP_OFTEN, strlen(STEP_OFTEN));
}

/* The record that a line expects; for one that cannot be read, a record that never comes. */
static void steps_expect(struct test *t, const struct step *step, const char *line, struct avc *avc)
{
	line += line_often(line) ? strlen(STEP_OFTEN) : 0;
	char *text = step_expand(t, step, line), *unread;

	if (!text || avc_expect(avc, text, &t->last)) {
		avc_free(avc);
		unread = must_printf("? %s", line);
		avc_other(avc, unread);
		free(unread);
	}
	free(text);
}

static void steps_print_avcs(struct test *t, const char *what, const struct avcs *avcs)
{
	for (size_t i = 0; i < avcs->n; i++) {
		char *text = avc_print(&avcs->v[i]);

		test_fail(t, NULL, "%s %s", what, text);
		free(text);
	}
}

bool steps_all_came(struct test *t, const struct step *step)
{
	const struct avcs *came = &t->audit->came;
	bool all = true;

	for (size_t i = 0; all && i < step->avc.n; i++) {
		size_t want = 0, have = 0;
		struct avc avc = { 0 };

		for (size_t k = 0; k < step->avc.n; k++)
			want += !strcmp(step->avc.v[i], step->avc.v[k]);
		steps_expect(t, step, step->avc.v[i], &avc);
		for (size_t k = 0; k < came->n; k++)
			have += avc_equal(&avc, &came->v[k]);
		all = have >= want;
		avc_free(&avc);
	}
	return all;
}

bool steps_more_came(const struct test *t, const struct step *step)
{
	for (size_t i = 0; i < step->avc.n; i++)
		if (line_often(step->avc.v[i]))
			return false;
	return audit_news(t->audit) > step->avc.n;
}

/* The first record from at on that is expected, or that has not come often before. */
static size_t records_skip(const struct audit *a, const struct avc *want, size_t at)
{
	while (at < a->came.n && !(want && avc_equal(want, &a->came.v[at])) &&
	       avcs_has(&a->often, &a->came.v[at]))
		at++;
	return at;
}

/*
 * Have they come, each in its turn, and no others? One that comes once or more may come again at
 * any time, until the rules of the case are gone.
 */
static bool records_match(struct test *t, const struct step *step, const struct avcs *want)
{
	struct audit *a = t->audit;
	size_t at = 0;

	for (size_t i = 0; i < want->n; i++) {
		struct avc again = { 0 };

		at = records_skip(a, &want->v[i], at);
		if (at == a->came.n || !avc_equal(&want->v[i], &a->came.v[at++]))
			return false;
		if (!line_often(step->avc.v[i]) || avcs_has(&a->often, &want->v[i]))
			continue;
		steps_expect(t, step, step->avc.v[i], &again);
		avcs_add(&a->often, &again);
	}
	return records_skip(a, NULL, at) == a->came.n;
}

static void steps_compare_records(struct test *t, const struct step *step)
{
	const struct avcs *came = &t->audit->came;
	struct avcs want = { 0 };
	struct avc avc = { 0 };

	for (size_t i = 0; i < step->avc.n; i++) {
		steps_expect(t, step, step->avc.v[i], &avc);
		avcs_add(&want, &avc);
	}
	if (!records_match(t, step, &want)) {
		test_fail(t, step, "the kernel's records differ");
		steps_print_avcs(t, "  expected avc", &want);
		steps_print_avcs(t, "       got avc", came);
	}
	avcs_free(&want);
}

/* Lines of TAP before the result of the test: "# record FILE:LINE TEXT". */
static void steps_show_records(const struct test *t, const struct step *step)
{
	const struct avcs *came = &t->audit->came;

	for (size_t i = 0; i < came->n; i++)
		printf("# record %s:%d %s\n", case_file(step->file), step->line,
		       came->v[i].record ? came->v[i].record : came->v[i].other);
}

/* Shows what was expected and what came, if they differ. */
static void steps_compare_log(struct test *t, const struct step *step)
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
	/* After a step has failed, the others would only fail for the same reason. */
	for (size_t i = 0; i < steps->n && !t->why.n; i++) {
		const struct step *step = &steps->v[i];

		t->bench->dirty |= step->kind->changes;
		step->kind->run(t, step);
		if (audit_sync(t->audit))
			test_fail(t, step, "the audit channel does not answer");
		if (t->bench->records)
			steps_show_records(t, step);
		steps_compare_records(t, step);
		steps_compare_log(t, step);
		audit_reset(t->audit);
	}
}

void steps_finish(struct test *t)
{
	for (const struct step_kind *const *k = step_kinds; *k; k++)
		if ((*k)->finish)
			(*k)->finish(t);
}

void steps_undo(struct test *t)
{
	for (const struct step_kind *const *k = step_kinds; *k; k++)
		if ((*k)->undo)
			(*k)->undo(t);
}
