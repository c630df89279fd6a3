// SPDX-License-Identifier: GPL-2.0-only
/* The guard goes from phase to phase as the table says, and understands the command's words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/guard_transition.h"
#include "support/phase_table.h"

static const char *const lines[] = {
	"        ARM    DISMISS ASK   YES  NO   GONE  CONFIRM TIME  AGAIN BREAK SPENT BACK TAKEN",
	"LOADING LOADED ENDED   .     .    .    LOST  .       .     .     .     .     .    .",
	"LOADED  .      .       ASKED .    .    ASKED KEPT    ASKED .     .     .     .    .",
	"ASKED   .      .       .     KEPT OVER ASKED KEPT    OVER  .     .     .     .    .",
	"OVER    .      .       .     .    .    .     KEPT    .     OVER  LOST  LAST  BACK .",
	"LOST    .      .       .     .    .    .     .       .     LOST  LOST  LAST  BACK BARE",
	"LAST    .      .       .     .    .    .     .       .     LAST  LAST  .     BARE BARE",
	NULL,
};

static const char *const phases[GUARD_PHASES] = {
	[GUARD_IMPOSSIBLE] = "IMPOSSIBLE",
	[GUARD_LOADING] = "LOADING",
	[GUARD_LOADED] = "LOADED",
	[GUARD_ASKED] = "ASKED",
	[GUARD_OVER] = "OVER",
	[GUARD_LOST] = "LOST",
	[GUARD_LAST] = "LAST",
	[GUARD_ENDED] = "ENDED",
	[GUARD_KEPT] = "KEPT",
	[GUARD_BACK] = "BACK",
	[GUARD_BARE] = "BARE",
};

static const char *const events[GUARD_EVENTS] = {
	[GUARD_ON_ARM] = "ARM",         [GUARD_ON_DISMISS] = "DISMISS", [GUARD_ON_ASK] = "ASK",
	[GUARD_ON_YES] = "YES",         [GUARD_ON_NO] = "NO",           [GUARD_ON_GONE] = "GONE",
	[GUARD_ON_CONFIRM] = "CONFIRM", [GUARD_ON_TIME] = "TIME",       [GUARD_ON_AGAIN] = "AGAIN",
	[GUARD_ON_BREAK] = "BREAK",     [GUARD_ON_SPENT] = "SPENT",     [GUARD_ON_BACK] = "BACK",
	[GUARD_ON_TAKEN] = "TAKEN",
};

static unsigned int guard_transition_next(unsigned int phase, unsigned int event)
{
	return guard_next(phase, event);
}

static void each_word_is_heard_in_its_phase(void **state)
{
	(void)state;
	assert_int_equal(guard_hear(GUARD_LOADING, guard_word(GUARD_ON_ARM)), GUARD_ON_ARM);
	assert_int_equal(guard_hear(GUARD_LOADING, guard_word(GUARD_ON_DISMISS)), GUARD_ON_DISMISS);
	assert_int_equal(guard_hear(GUARD_LOADED, guard_word(GUARD_ON_ASK)), GUARD_ON_ASK);
	assert_int_equal(guard_hear(GUARD_ASKED, guard_word(GUARD_ON_YES)), GUARD_ON_YES);
	assert_int_equal(guard_hear(GUARD_ASKED, guard_word(GUARD_ON_NO)), GUARD_ON_NO);
}

static void a_word_of_another_phase_is_the_end_of_the_pipe(void **state)
{
	(void)state;
	assert_int_equal(guard_hear(GUARD_LOADING, guard_word(GUARD_ON_YES)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_LOADING, guard_word(GUARD_ON_NO)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_LOADED, guard_word(GUARD_ON_YES)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_LOADED, guard_word(GUARD_ON_NO)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_ASKED, guard_word(GUARD_ON_ASK)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_ASKED, guard_word(GUARD_ON_ARM)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_ASKED, guard_word(GUARD_ON_DISMISS)), GUARD_ON_GONE);
}

static void nothing_and_nonsense_are_the_end_of_the_pipe(void **state)
{
	(void)state;
	assert_int_equal(guard_hear(GUARD_LOADING, 0), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_ASKED, 0), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_ASKED, '?'), GUARD_ON_GONE);
}

static void the_guard_says_how_it_ended(void **state)
{
	(void)state;
	assert_int_not_equal(guard_last_word(GUARD_KEPT), 0);
	assert_int_not_equal(guard_last_word(GUARD_BACK), 0);
	assert_int_not_equal(guard_last_word(GUARD_BARE), 0);
	assert_int_not_equal(guard_last_word(GUARD_KEPT), guard_last_word(GUARD_BACK));
	assert_int_not_equal(guard_last_word(GUARD_KEPT), guard_last_word(GUARD_BARE));
	assert_int_not_equal(guard_last_word(GUARD_BACK), guard_last_word(GUARD_BARE));
	assert_int_equal(guard_last_word(GUARD_ENDED), 0);
}

static void an_end_has_no_arrow_and_the_others_have_one(void **state)
{
	enum guard_phase phase;
	unsigned int event;
	bool any;

	(void)state;
	for (phase = GUARD_IMPOSSIBLE; phase < GUARD_PHASES; phase++) {
		any = false;
		for (event = 0; event < GUARD_EVENTS; event++)
			any |= guard_next(phase, event) != GUARD_IMPOSSIBLE;
		assert_int_equal(guard_is_over(phase), !any);
	}
}

/* whatever happens, in any order, the new rules go or somebody has confirmed them */
static void no_way_ends_with_rules_that_nobody_confirmed(void **state)
{
	enum guard_phase phase;
	unsigned int event;

	(void)state;
	for (phase = GUARD_IMPOSSIBLE; phase < GUARD_PHASES; phase++)
		for (event = 0; event < GUARD_EVENTS; event++)
			if (guard_next(phase, event) == GUARD_KEPT)
				assert_true(event == GUARD_ON_YES || event == GUARD_ON_CONFIRM);
			else if (guard_next(phase, event) == GUARD_ENDED)
				assert_int_equal(phase, GUARD_LOADING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_is_heard_in_its_phase),
		cmocka_unit_test(a_word_of_another_phase_is_the_end_of_the_pipe),
		cmocka_unit_test(nothing_and_nonsense_are_the_end_of_the_pipe),
		cmocka_unit_test(the_guard_says_how_it_ended),
		cmocka_unit_test(an_end_has_no_arrow_and_the_others_have_one),
		cmocka_unit_test(no_way_ends_with_rules_that_nobody_confirmed),
	};
	const struct phase_table table = {
		lines,
		phases,
		events,
		GUARD_PHASES,
		GUARD_EVENTS,
		guard_transition_next,
		"load/guard_transition.h",
	};

	return phase_table_run(&table, tests, sizeof(tests) / sizeof(tests[0]));
}
