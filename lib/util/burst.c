// SPDX-License-Identifier: GPL-2.0-only
#include "util/burst.h"

static void burst_recover(struct burst *b, int64_t now)
{
	unsigned long recovered = b->used ? (now - b->since) / b->pause : 0;

	if (recovered >= b->used) {
		b->used = 0;
		return;
	}
	b->used -= recovered;
	b->since += recovered * b->pause;
}

int64_t burst_next(struct burst *b, int64_t now)
{
	burst_recover(b, now);
	return b->used < b->size ? now : b->since + b->pause;
}

void burst_use(struct burst *b, int64_t now)
{
	burst_recover(b, now);
	if (!b->used++)
		b->since = now;
}
