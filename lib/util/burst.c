// SPDX-License-Identifier: GPL-2.0-only
#include "util/burst.h"

static void burst_recover(struct burst *b, long now)
{
	unsigned long recovered = b->used ? (now - b->since) / b->pause : 0;

	if (recovered >= b->used) {
		b->used = 0;
		return;
	}
	b->used -= recovered;
	b->since += recovered * b->pause;
}

long burst_next(struct burst *b, long now)
{
	burst_recover(b, now);
	return b->used < b->size ? now : b->since + b->pause;
}

void burst_use(struct burst *b, long now)
{
	burst_recover(b, now);
	if (!b->used++)
		b->since = now;
}
