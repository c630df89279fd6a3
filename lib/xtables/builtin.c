// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/builtin.h"

#include <stddef.h>
#include <string.h>

const char *const builtin_hooks[] = { "PREROUTING", "INPUT",       "FORWARD",
				      "OUTPUT",     "POSTROUTING", NULL };

bool builtin_ends_table(const char *target)
{
	static const char *const ends[] = {
		"ACCEPT", "DROP", "REJECT", "QUEUE", "NFQUEUE", "TPROXY"
	};
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!strcmp(target, ends[i]))
			return true;
	return false;
}
