// SPDX-License-Identifier: GPL-2.0-only
#include "load/transition.h"

/* The first table of transition.h. */
static const enum load_phase load_arrows[LOAD_PHASES][LOAD_EVENTS] = {
	[LOAD_IDLE] = {
		[LOAD_ON_BEGIN] = LOAD_BEGUN,
		[LOAD_ON_FAIL] = LOAD_REFUSED,
	},
	[LOAD_BEGUN] = {
		[LOAD_ON_FAIL] = LOAD_UNTOUCHED,
		[LOAD_ON_BREAK] = LOAD_BROKEN,
		[LOAD_ON_ADD] = LOAD_ADDED,
		[LOAD_ON_REPLACE] = LOAD_REPLACED,
		[LOAD_ON_CLEAR] = LOAD_SETTLED,
	},
	[LOAD_ADDED] = {
		[LOAD_ON_FAIL] = LOAD_UNDOING,
		[LOAD_ON_BREAK] = LOAD_BROKEN,
		[LOAD_ON_CLEAR] = LOAD_SETTLED,
	},
	[LOAD_UNDOING] = {
		[LOAD_ON_BREAK] = LOAD_BROKEN,
		[LOAD_ON_BACK] = LOAD_UNTOUCHED,
	},
	[LOAD_REPLACED] = {
		[LOAD_ON_FAIL] = LOAD_BROKEN,
		[LOAD_ON_BREAK] = LOAD_BROKEN,
		[LOAD_ON_CLEAR] = LOAD_SETTLED,
	},
	[LOAD_SETTLED] = {
		[LOAD_ON_BREAK] = LOAD_BROKEN,
		[LOAD_ON_END] = LOAD_DONE,
	},
};

/* The second table of transition.h. */
static const struct load_end {
	bool drop;
	enum load_guard guard;
} load_ends[LOAD_PHASES] = {
	[LOAD_IMPOSSIBLE] = { false, LOAD_GUARD_ALARM },
	[LOAD_DONE] = { false, LOAD_GUARD_ARM },
	[LOAD_REFUSED] = { false, LOAD_GUARD_DISMISS },
	[LOAD_UNTOUCHED] = { true, LOAD_GUARD_DISMISS },
	[LOAD_BROKEN] = { false, LOAD_GUARD_ALARM },
};

enum load_phase load_next(enum load_phase phase, enum load_event event)
{
	return load_arrows[phase][event];
}

bool load_drops_record(enum load_phase phase, bool resumed)
{
	return load_ends[phase].drop && !resumed;
}

enum load_guard load_guard(enum load_phase phase)
{
	return load_ends[phase].guard;
}
