// SPDX-License-Identifier: GPL-2.0-only
#include "audit/since.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"

#define DAY 86400

/* Midnight, and for words that say so, of the first day of something */
static bool since_day(const char *word, time_t now, struct tm *tm)
{
	bool week = !strcmp(word, "this-week"), month = !strcmp(word, "this-month"),
	     year = !strcmp(word, "this-year"), yesterday = !strcmp(word, "yesterday");

	if (!week && !month && !year && !yesterday && strcmp(word, "today"))
		return false;
	localtime_r(&now, tm);
	tm->tm_hour = tm->tm_min = tm->tm_sec = 0;
	tm->tm_isdst = -1;
	if (month || year)
		tm->tm_mday = 1;
	if (year)
		tm->tm_mon = 0;
	/* weeks begin on Sunday, as ausearch has them; mktime() puts the date right */
	tm->tm_mday -= week ? tm->tm_wday : yesterday;
	return true;
}

static bool since_word(const char *word, time_t now, time_t up, time_t *when)
{
	const struct {
		const char *word;
		time_t ago;
	} words[] = {
		{ "now", 0 },
		{ "recent", 600 },
		{ "boot", up },
		{ "week-ago", (time_t)7 * DAY },
	};
	struct tm tm;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(word, words[i].word)) {
			*when = now - words[i].ago;
			return true;
		}
	}
	if (!strcmp(word, "this-hour")) {
		localtime_r(&now, &tm);
		tm.tm_min = tm.tm_sec = 0;
	} else if (!since_day(word, now, &tm)) {
		return false;
	}
	*when = mktime(&tm);
	return true;
}

/* Reads the beginning of a text. Returns what follows, or NULL; *tm is as before then. */
static const char *since_part(const char *text, const char *const formats[2], struct tm *tm)
{
	const char *end = NULL;
	struct tm part;
	size_t i;

	for (i = 0; i < 2 && !end; i++) {
		part = *tm;
		end = strptime(text, formats[i], &part);
	}
	if (end)
		*tm = part;
	return end;
}

/* Reads a date and a time, each of which may be missing. Returns whether that is all of the text.
 */
static bool since_date(const char *text, struct tm *tm)
{
	static const char *const dates[] = { "%Y-%m-%d", "%m/%d/%Y" };
	static const char *const times[] = { "%H:%M:%S", "%H:%M" };
	const char *end = since_part(text, dates, tm);

	if (end && !*end)
		return true;
	if (end && *end != ' ' && *end != 'T')
		return false;
	end = since_part(end ? end + 1 : text, times, tm);
	return end && !*end;
}

int audit_since(const char *text, time_t now, time_t up, int64_t *ms, struct err *err)
{
	char shown[128];
	struct tm tm;
	time_t when;

	if (!since_word(text, now, up, &when)) {
		localtime_r(&now, &tm);
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		tm.tm_isdst = -1;
		if (!since_date(text, &tm)) {
			err_set(err, -EINVAL, "not a time: '%s'",
				err_quote(shown, sizeof(shown), text));
			err_hint(err, "expected recent, this-hour, boot, today, yesterday, "
				      "this-week, a date such as 2026-12-31, a time such as 18:30, "
				      "or both");
			return -EINVAL;
		}
		when = mktime(&tm);
	}
	*ms = (int64_t)when * 1000;
	return 0;
}
