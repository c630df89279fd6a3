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
	"         ARM      DISMISS    YES   NO    GONE     CONFIRM  TIME  BUSY  BACK  FAIL",
	"LOADING  WAITING  DISMISSED  .     .     LOST     .        .     .     .     .",
	"WAITING  .        .          KEPT  OVER  WAITING  KEPT     OVER  .     .     .",
	"OVER     .        .          .     .     .        KEPT     .     OVER  BACK  FAILED",
	"LOST     .        .          .     .     .        .        .     LOST  BACK  FAILED",
	NULL,
};

static const char *const phases[GUARD_PHASES] = {
	[GUARD_IMPOSSIBLE] = "IMPOSSIBLE",
	[GUARD_LOADING] = "LOADING",
	[GUARD_WAITING] = "WAITING",
	[GUARD_OVER] = "OVER",
	[GUARD_LOST] = "LOST",
	[GUARD_DISMISSED] = "DISMISSED",
	[GUARD_KEPT] = "KEPT",
	[GUARD_BACK] = "BACK",
	[GUARD_FAILED] = "FAILED",
};

static const char *const events[GUARD_EVENTS] = {
	[GUARD_ON_ARM] = "ARM",   [GUARD_ON_DISMISS] = "DISMISS", [GUARD_ON_YES] = "YES",
	[GUARD_ON_NO] = "NO",     [GUARD_ON_GONE] = "GONE",       [GUARD_ON_CONFIRM] = "CONFIRM",
	[GUARD_ON_TIME] = "TIME", [GUARD_ON_BUSY] = "BUSY",       [GUARD_ON_BACK] = "BACK",
	[GUARD_ON_FAIL] = "FAIL",
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
	assert_int_equal(guard_hear(GUARD_WAITING, guard_word(GUARD_ON_YES)), GUARD_ON_YES);
	assert_int_equal(guard_hear(GUARD_WAITING, guard_word(GUARD_ON_NO)), GUARD_ON_NO);
}

static void a_word_of_another_phase_is_the_end_of_the_pipe(void **state)
{
	(void)state;
	assert_int_equal(guard_hear(GUARD_LOADING, guard_word(GUARD_ON_YES)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_LOADING, guard_word(GUARD_ON_NO)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_WAITING, guard_word(GUARD_ON_ARM)), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_WAITING, guard_word(GUARD_ON_DISMISS)), GUARD_ON_GONE);
}

static void nothing_and_nonsense_are_the_end_of_the_pipe(void **state)
{
	(void)state;
	assert_int_equal(guard_hear(GUARD_LOADING, 0), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_WAITING, 0), GUARD_ON_GONE);
	assert_int_equal(guard_hear(GUARD_WAITING, '?'), GUARD_ON_GONE);
}

static void the_guard_says_how_it_ended(void **state)
{
	(void)state;
	assert_int_not_equal(guard_last_word(GUARD_KEPT), 0);
	assert_int_not_equal(guard_last_word(GUARD_BACK), 0);
	assert_int_not_equal(guard_last_word(GUARD_FAILED), 0);
	assert_int_not_equal(guard_last_word(GUARD_KEPT), guard_last_word(GUARD_BACK));
	assert_int_not_equal(guard_last_word(GUARD_KEPT), guard_last_word(GUARD_FAILED));
	assert_int_not_equal(guard_last_word(GUARD_BACK), guard_last_word(GUARD_FAILED));
	assert_int_equal(guard_last_word(GUARD_DISMISSED), 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_is_heard_in_its_phase),
		cmocka_unit_test(a_word_of_another_phase_is_the_end_of_the_pipe),
		cmocka_unit_test(nothing_and_nonsense_are_the_end_of_the_pipe),
		cmocka_unit_test(the_guard_says_how_it_ended),
		cmocka_unit_test(an_end_has_no_arrow_and_the_others_have_one),
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
