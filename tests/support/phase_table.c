// SPDX-License-Identifier: GPL-2.0-only
#include "support/phase_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORDS 16
#define TESTS 256

struct phase_cell {
	const struct phase_table *table;
	unsigned int phase, event;
	const char *expected; /* "." for an impossible one */
};

static unsigned int phase_split(const char *line, char words[WORDS][16])
{
	unsigned int n = 0;
	int used;

	while (n < WORDS && sscanf(line, "%15s%n", words[n], &used) == 1) {
		line += used;
		n++;
	}
	return n;
}

/* The word of the table for a phase and an event; "." without a line or a column. */
static char *phase_expected(const struct phase_table *t, unsigned int phase, unsigned int event)
{
	char events[WORDS][16], words[WORDS][16];
	unsigned int i, n = phase_split(t->lines[0], events);
	const char *const *line;

	for (line = t->lines + 1; *line; line++) {
		if (phase_split(*line, words) != n + 1 || strcmp(words[0], t->phases[phase]))
			continue;
		for (i = 0; i < n; i++)
			if (!strcmp(events[i], t->events[event]))
				return strdup(words[i + 1]);
	}
	return strdup(".");
}

static void phase_is_as_in_the_table(void **state)
{
	const struct phase_cell *c = *state;
	unsigned int next = c->table->next(c->phase, c->event);

	assert_string_equal(next ? c->table->phases[next] : ".", c->expected);
}

/* Each line of the table and each word in it is used: none has a typing error. */
static void phase_lines_are_complete(void **state)
{
	const struct phase_cell *c = *state;
	const struct phase_table *t = c->table;
	char words[WORDS][16];
	const char *const *line;
	unsigned int i, k, n;

	assert_int_equal(phase_split(t->lines[0], words), t->n_events);
	for (i = 0; i < t->n_events; i++)
		assert_string_equal(words[i], t->events[i]);
	for (line = t->lines + 1; *line; line++) {
		n = phase_split(*line, words);
		assert_int_equal(n, t->n_events + 1);
		for (i = 0; i < n; i++) {
			for (k = 0; k < t->n_phases && strcmp(words[i], t->phases[k]); k++)
				;
			assert_true(k < t->n_phases || !strcmp(words[i], "."));
		}
	}
}

static void phase_comment_has_the_table(void **state)
{
	const struct phase_cell *c = *state;
	const char *folder = getenv("srcdir");
	const char *const *line;
	char path[4096], text[16384], wanted[128];
	FILE *in;
	size_t n;

	snprintf(path, sizeof(path), "%s/../lib/%s", folder ? folder : ".", c->table->header);
	in = fopen(path, "re");
	assert_non_null(in);
	n = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	text[n] = '\0';
	for (line = c->table->lines; *line; line++) {
		snprintf(wanted, sizeof(wanted), "\n * %s\n", *line);
		if (!strstr(text, wanted))
			fail_msg("the comment of %s has no line \"%s\"", path, *line);
	}
}

int phase_table_run(const struct phase_table *t, const struct CMUnitTest *others, size_t n)
{
	static struct CMUnitTest tests[TESTS];
	static struct phase_cell cells[TESTS];
	static char names[TESTS][80];
	struct phase_cell whole = { .table = t };
	unsigned int i, used = 0, count = t->n_phases * t->n_events;

	if (count + 2 + n > TESTS)
		return 1;
	for (i = 0; i < count; i++) {
		struct phase_cell *c = &cells[i];

		c->table = t;
		c->phase = i / t->n_events;
		c->event = i % t->n_events;
		c->expected = phase_expected(t, c->phase, c->event);
		snprintf(names[i], sizeof(names[i]), "%s, %s: %s", t->phases[c->phase],
			 t->events[c->event], *c->expected == '.' ? "impossible" : c->expected);
		tests[used++] = (struct CMUnitTest){ names[i], phase_is_as_in_the_table, NULL, NULL,
						     c };
	}
	tests[used++] = (struct CMUnitTest){ "the lines are complete", phase_lines_are_complete,
					     NULL, NULL, &whole };
	tests[used++] = (struct CMUnitTest){ "the comment has the same lines",
					     phase_comment_has_the_table, NULL, NULL, &whole };
	memcpy(tests + used, others, n * sizeof(*others));
	return _cmocka_run_group_tests(t->header, tests, used + n, NULL, NULL);
}
