/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_SINCE_H
#define SECMARK2_AUDIT_SINCE_H

#include <stdint.h>
#include <time.h>

struct err;

/**
 * audit_since - read a time, as ausearch --start has them
 * @text: a word: now, recent (ten minutes ago), this-hour, boot, today, yesterday, this-week,
 *        week-ago, this-month, this-year; or YYYY-MM-DD, or MM/DD/YYYY, or HH:MM[:SS], or a date
 *        and a time with a blank or a T between them
 * @now:  the time now
 * @up:   since the machine started, in seconds
 * @ms:   the result: milliseconds since 1970. A date without a time is its midnight, a time
 *        without a date is today's. The time zone is that of this process
 * @err:  filled on failure
 *
 * Returns 0, or -EINVAL.
 */
int audit_since(const char *text, time_t now, time_t up, int64_t *ms, struct err *err);

#endif
