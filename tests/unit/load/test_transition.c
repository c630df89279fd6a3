// SPDX-License-Identifier: GPL-2.0-only
/* A load goes from phase to phase as the table says, and each end does what it has to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/transition.h"
#include "support/phase_table.h"

static const char *const lines[] = {
	"           BEGIN  FAIL       BREAK   ADD    REPLACE   CLEAR    BACK       END",
	"IDLE       BEGUN  REFUSED    .       .      .         .        .          .",
	"BEGUN      .      UNTOUCHED  BROKEN  ADDED  REPLACED  SETTLED  .          .",
	"ADDED      .      UNDOING    BROKEN  .      .         SETTLED  .          .",
	"UNDOING    .      .          BROKEN  .      .         .        UNTOUCHED  .",
	"REPLACED   .      BROKEN     BROKEN  .      .         SETTLED  .          .",
	"SETTLED    .      .          BROKEN  .      .         .        .          DONE",
	NULL,
};

static const char *const phases[LOAD_PHASES] = {
	[LOAD_IMPOSSIBLE] = "IMPOSSIBLE", [LOAD_IDLE] = "IDLE",       [LOAD_BEGUN] = "BEGUN",
	[LOAD_ADDED] = "ADDED",           [LOAD_UNDOING] = "UNDOING", [LOAD_REPLACED] = "REPLACED",
	[LOAD_SETTLED] = "SETTLED",       [LOAD_DONE] = "DONE",       [LOAD_REFUSED] = "REFUSED",
	[LOAD_UNTOUCHED] = "UNTOUCHED",   [LOAD_BROKEN] = "BROKEN",
};

static const char *const events[LOAD_EVENTS] = {
	[LOAD_ON_BEGIN] = "BEGIN", [LOAD_ON_FAIL] = "FAIL", [LOAD_ON_BREAK] = "BREAK",
	[LOAD_ON_BACK] = "BACK",   [LOAD_ON_ADD] = "ADD",   [LOAD_ON_REPLACE] = "REPLACE",
	[LOAD_ON_CLEAR] = "CLEAR", [LOAD_ON_END] = "END",
};

static unsigned int transition_next(unsigned int phase, unsigned int event)
{
	return load_next(phase, event);
}

static void does(enum load_phase phase, bool drop, enum load_guard guard)
{
	assert_int_equal(load_drops_record(phase, false), drop);
	assert_false(load_drops_record(phase, true));
	assert_int_equal(load_guard(phase), guard);
}

static void done_arms_the_guard(void **state)
{
	(void)state;
	does(LOAD_DONE, false, LOAD_GUARD_ARM);
}

static void refused_has_no_record_to_drop(void **state)
{
	(void)state;
	does(LOAD_REFUSED, false, LOAD_GUARD_DISMISS);
}

static void untouched_drops_the_record_and_dismisses_the_guard(void **state)
{
	(void)state;
	does(LOAD_UNTOUCHED, true, LOAD_GUARD_DISMISS);
}

static void broken_keeps_the_record_and_alarms_the_guard(void **state)
{
	(void)state;
	does(LOAD_BROKEN, false, LOAD_GUARD_ALARM);
}

static void impossible_is_as_broken(void **state)
{
	(void)state;
	does(LOAD_IMPOSSIBLE, false, LOAD_GUARD_ALARM);
}

static void before_an_end_nothing_is_done(void **state)
{
	enum load_phase phase;

	(void)state;
	for (phase = LOAD_IDLE; phase <= LOAD_SETTLED; phase++)
		does(phase, false, LOAD_GUARD_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(done_arms_the_guard),
		cmocka_unit_test(refused_has_no_record_to_drop),
		cmocka_unit_test(untouched_drops_the_record_and_dismisses_the_guard),
		cmocka_unit_test(broken_keeps_the_record_and_alarms_the_guard),
		cmocka_unit_test(impossible_is_as_broken),
		cmocka_unit_test(before_an_end_nothing_is_done),
	};
	const struct phase_table table = {
		lines,
		phases,
		events,
		LOAD_PHASES,
		LOAD_EVENTS,
		transition_next,
		"load/transition.h",
	};

	return phase_table_run(&table, tests, sizeof(tests) / sizeof(tests[0]));
}
