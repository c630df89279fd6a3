// SPDX-License-Identifier: GPL-2.0-only
#include "audit/since.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

#define DAY 86400

enum since_kind {
	SINCE_AGO,     /* so many seconds ago */
	SINCE_BOOT,    /* the start of the machine */
	SINCE_HOUR,    /* the beginning of this hour */
	SINCE_DAY,     /* midnight, so many days ago */
	SINCE_WEEKDAY, /* Sunday: weeks begin with it, as ausearch has them */
	SINCE_MONTH,
	SINCE_YEAR,
};

/* All words. Errors list them. */
static const struct since_word {
	const char *word;
	enum since_kind kind;
	int n;
} since_words[] = {
	{ "now", SINCE_AGO, 0 },           { "recent", SINCE_AGO, 600 },
	{ "this-hour", SINCE_HOUR, 0 },    { "boot", SINCE_BOOT, 0 },
	{ "today", SINCE_DAY, 0 },         { "yesterday", SINCE_DAY, 1 },
	{ "this-week", SINCE_WEEKDAY, 0 }, { "week-ago", SINCE_AGO, 7 * DAY },
	{ "this-month", SINCE_MONTH, 0 },  { "this-year", SINCE_YEAR, 0 },
};

#define SINCE_WORDS (sizeof(since_words) / sizeof(since_words[0]))

/* The beginning of an hour, or of a day. mktime() puts the date right. */
static void since_begin(const struct since_word *w, struct tm *tm)
{
	tm->tm_min = tm->tm_sec = 0;
	if (w->kind == SINCE_HOUR)
		return;
	tm->tm_hour = 0;
	tm->tm_isdst = -1;
	if (w->kind == SINCE_MONTH || w->kind == SINCE_YEAR)
		tm->tm_mday = 1;
	if (w->kind == SINCE_YEAR)
		tm->tm_mon = 0;
	tm->tm_mday -= w->kind == SINCE_WEEKDAY ? tm->tm_wday : w->n;
}

static bool since_word(const char *word, time_t now, time_t up, time_t *when)
{
	const struct since_word *w, *end = since_words + SINCE_WORDS;
	struct tm tm;

	for (w = since_words; w < end; w++)
		if (!strcmp(word, w->word))
			break;
	if (w == end)
		return false;
	if (w->kind == SINCE_AGO || w->kind == SINCE_BOOT) {
		*when = now - (w->kind == SINCE_BOOT ? up : w->n);
		return true;
	}
	localtime_r(&now, &tm);
	since_begin(w, &tm);
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

static int since_fault(const char *text, struct err *err)
{
	char shown[128], words[128] = "";
	size_t i, len = 0;

	for (i = 0; i < SINCE_WORDS && len < sizeof(words); i++)
		len += snprintf(words + len, sizeof(words) - len, "%s, ", since_words[i].word);
	err_set(err, -EINVAL, "not a time: '%s'", err_quote(shown, sizeof(shown), text));
	err_hint(err,
		 "expected %sa date such as 2026-12-31 or 12/31/2026, a time such as 18:30 or "
		 "18:30:59, or both",
		 words);
	return -EINVAL;
}

int audit_since(const char *text, time_t now, time_t up, int64_t *ms, struct err *err)
{
	struct tm tm;
	time_t when;

	if (!since_word(text, now, up, &when)) {
		localtime_r(&now, &tm);
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		tm.tm_isdst = -1;
		if (!since_date(text, &tm))
			return since_fault(text, err);
		when = mktime(&tm);
	}
	*ms = (int64_t)when * 1000;
	return 0;
}
