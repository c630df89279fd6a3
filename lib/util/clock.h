/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_CLOCK_H
#define SECMARK2_UTIL_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment in the past. Setting the date does not change them. */
int64_t clock_milliseconds(void);

#endif
