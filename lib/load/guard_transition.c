// SPDX-License-Identifier: GPL-2.0-only
#include "load/guard_transition.h"

/* The table of guard_transition.h. */
static const enum guard_phase guard_arrows[GUARD_PHASES][GUARD_EVENTS] = {
	[GUARD_LOADING] = {
		[GUARD_ON_ARM] = GUARD_LOADED,
		[GUARD_ON_DISMISS] = GUARD_ENDED,
		[GUARD_ON_GONE] = GUARD_LOST,
	},
	[GUARD_LOADED] = {
		[GUARD_ON_ASK] = GUARD_ASKED,
		[GUARD_ON_GONE] = GUARD_ASKED,
		[GUARD_ON_CONFIRM] = GUARD_KEPT,
		[GUARD_ON_TIME] = GUARD_ASKED,
	},
	[GUARD_ASKED] = {
		[GUARD_ON_YES] = GUARD_KEPT,
		[GUARD_ON_NO] = GUARD_OVER,
		[GUARD_ON_GONE] = GUARD_ASKED,
		[GUARD_ON_CONFIRM] = GUARD_KEPT,
		[GUARD_ON_TIME] = GUARD_OVER,
	},
	[GUARD_OVER] = {
		[GUARD_ON_CONFIRM] = GUARD_KEPT,
		[GUARD_ON_AGAIN] = GUARD_OVER,
		[GUARD_ON_BREAK] = GUARD_LOST,
		[GUARD_ON_SPENT] = GUARD_LAST,
		[GUARD_ON_BACK] = GUARD_BACK,
	},
	[GUARD_LOST] = {
		[GUARD_ON_AGAIN] = GUARD_LOST,
		[GUARD_ON_BREAK] = GUARD_LOST,
		[GUARD_ON_SPENT] = GUARD_LAST,
		[GUARD_ON_BACK] = GUARD_BACK,
		[GUARD_ON_TAKEN] = GUARD_BARE,
	},
	[GUARD_LAST] = {
		[GUARD_ON_AGAIN] = GUARD_LAST,
		[GUARD_ON_BREAK] = GUARD_LAST,
		[GUARD_ON_BACK] = GUARD_BARE,
		[GUARD_ON_TAKEN] = GUARD_BARE,
	},
};

static const char guard_words[GUARD_EVENTS] = {
	[GUARD_ON_ARM] = 'a', [GUARD_ON_DISMISS] = 'd', [GUARD_ON_ASK] = '?',
	[GUARD_ON_YES] = 'y', [GUARD_ON_NO] = 'n',
};

static const char guard_last_words[GUARD_PHASES] = {
	[GUARD_KEPT] = 'k',
	[GUARD_BACK] = 'b',
	[GUARD_BARE] = 'r',
};

enum guard_phase guard_next(enum guard_phase phase, enum guard_event event)
{
	return guard_arrows[phase][event];
}

bool guard_is_over(enum guard_phase phase)
{
	return phase == GUARD_IMPOSSIBLE || phase >= GUARD_ENDED;
}

char guard_word(enum guard_event event)
{
	return guard_words[event];
}

char guard_last_word(enum guard_phase phase)
{
	return guard_last_words[phase];
}

enum guard_event guard_hear(enum guard_phase phase, char letter)
{
	enum guard_event event;

	for (event = 0; event < GUARD_EVENTS; event++)
		if (letter && guard_words[event] == letter && guard_arrows[phase][event])
			return event;
	return GUARD_ON_GONE;
}
