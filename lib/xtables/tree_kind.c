// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/tree_kind.h"

const struct tree_kind tree_kinds[TREES] = {
	[TREE_SERVER_IN] = { "SI", SIDE_SERVER, { false, false, true } },
	[TREE_CLIENT_IN] = { "CI", SIDE_CLIENT, { true, false, true } },
	[TREE_SERVER_OUT] = { "SO", SIDE_SERVER, { true, true, true } },
	[TREE_CLIENT_OUT] = { "CO", SIDE_CLIENT, { false, true, true } },
	[TREE_ACTIVE_IN] = { "AI", SIDE_SERVER, { false, false, true } },
	[TREE_SERVER_LISTED] = { "SL", SIDE_SERVER, { false, false, true }, .listed = true },
	[TREE_CLIENT_LISTED] = { "CL", SIDE_CLIENT, { true, false, true }, .listed = true },
	[TREE_FORWARD] = { "F", SIDE_FORWARD, { false, false, true } },
	/* the line's "in" is where this packet leaves, which is not known yet */
	[TREE_FORWARD_BACK] = { "FB", SIDE_FORWARD, { true, false, false } },
	[TREE_ACTIVE_FORWARD] = { "AF", SIDE_FORWARD, { false, false, true } },
	[TREE_REPLY_BACK] = { "RB", SIDE_FORWARD, { true, false, false } },
	[TREE_FORWARD_LISTED] = { "FL", SIDE_FORWARD, { false, false, true }, .listed = true },
	[TREE_BACK_LISTED] = { "BL", SIDE_FORWARD, { true, false, false }, .listed = true },
};
