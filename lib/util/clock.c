// SPDX-License-Identifier: GPL-2.0-only
#include "util/clock.h"

#include <time.h>

long clock_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
