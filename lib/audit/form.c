// SPDX-License-Identifier: GPL-2.0-only
#include "audit/form.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A part of a line. */
struct span {
	const char *at, *end;
};

static const char *find(struct span s, const char *word)
{
	return memmem(s.at, s.end - s.at, word, strlen(word));
}

static bool begins(struct span s, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(s.end - s.at) >= len && !memcmp(s.at, word, len);
}

static struct span trimmed(struct span s)
{
	while (s.at < s.end && isspace((unsigned char)*s.at))
		s.at++;
	while (s.end > s.at && isspace((unsigned char)s.end[-1]))
		s.end--;
	return s;
}

/* The number that the span begins with. Its digits end before the span does, or with it. */
static uint64_t take_number(struct span *s)
{
	uint64_t n = 0;

	for (; s->at < s->end && isdigit((unsigned char)*s->at); s->at++)
		n = n < UINT64_MAX / 10 - 1 ? n * 10 + (*s->at - '0') : n;
	return n;
}

/* "05/15/2023 10:49:38.096:1617", in the time of this machine. Other languages write the date in
 * another way. */
static int64_t date_of_ausearch(struct span s)
{
	struct tm tm = { .tm_isdst = -1 };
	int month, day, year, hour, minute, second, ms;
	char text[32] = "";
	time_t t;

	if (s.end - s.at >= (ptrdiff_t)sizeof(text) + 20)
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)(s.end - s.at), s.at);
	if (sscanf(text, "%2d/%2d/%4d %2d:%2d:%2d.%3d", &month, &day, &year, &hour, &minute,
		   &second, &ms) != 7)
		return 0;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	tm.tm_year = (year < 100 ? year + 2000 : year) - 1900;
	tm.tm_hour = hour;
	tm.tm_min = minute;
	tm.tm_sec = second;
	t = mktime(&tm);
	return t > 0 ? (int64_t)t * 1000 + ms : 0;
}

/* Reads "audit(SECONDS.MS:SERIAL)". Returns what is behind it, or the whole line. */
static const char *form_take_event(struct span line, struct form *form)
{
	const char *open = find(line, "audit("), *close, *colon;
	struct span s;

	if (!open)
		return line.at;
	s.at = open + strlen("audit(");
	close = memchr(s.at, ')', line.end - s.at);
	if (!close)
		return line.at;
	s.end = close;
	colon = memrchr(s.at, ':', close - s.at);
	if (colon) {
		struct span serial = { colon + 1, close };

		form->serial = take_number(&serial);
	}
	if (memchr(s.at, '/', close - s.at)) {
		form->time = date_of_ausearch(s);
	} else {
		/* no clock of a record goes beyond the year 9999 */
		form->time = take_number(&s) % 253402300800 * 1000;
		if (begins(s, ".")) {
			s.at++;
			form->time += take_number(&s) % 1000;
		}
	}
	return close + 1;
}

/* Where does a record begin? At the first of the words that can begin one. */
static const char *record_start(struct span line)
{
	static const char *const words[] = { "type=", "audit(", "avc:" };
	const char *first = line.end, *at;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		at = find(line, words[i]);
		if (at && at < first)
			first = at;
	}
	return first;
}

/* What is behind the next blanks. */
static struct span behind_word(struct span s)
{
	while (s.at < s.end && !isspace((unsigned char)*s.at))
		s.at++;
	return trimmed(s);
}

/* The lines of the system log have "Nov 30 20:12:40 HOST TAG: " or "2026-11-30T20:12:40+00:00 HOST
 * TAG: " in front. Returns the rest of it from the tag on; nothing of any other line. */
static struct span tag_of_syslog(struct span s)
{
	const struct span none = { s.end, s.end };

	s = trimmed(s);
	if (s.end - s.at < 20)
		return none;
	if (isupper((unsigned char)*s.at) && s.at[3] == ' ' && s.at[9] == ':' && s.at[12] == ':')
		s.at += 15;
	else if (isdigit((unsigned char)*s.at) && s.at[4] == '-' && s.at[10] == 'T')
		s = behind_word(s);
	else
		return none;
	return behind_word(trimmed(s));
}

/* Does the system log say that a program wrote this, and not the kernel or audit? prefix: what is
 * in front of the record. */
static bool is_of_program(struct span prefix)
{
	static const char *const trusted[] = { "kernel", "audit", "auditd", "audispd",
					       "audisp-syslog" };
	struct span tag = tag_of_syslog(prefix);
	size_t i, len;

	for (len = 0; tag.at + len < tag.end && !strchr(" :[", tag.at[len]); len++)
		;
	for (i = 0; i < sizeof(trusted) / sizeof(trusted[0]); i++)
		if (strlen(trusted[i]) == len && !memcmp(tag.at, trusted[i], len))
			return false;
	return len > 0;
}

/* "     12 avc:  denied ..." */
static size_t count_of_uniq(struct span prefix)
{
	uint64_t n;

	prefix = trimmed(prefix);
	n = take_number(&prefix);
	return n && n < 1000000000 && prefix.at == prefix.end ? n : 1;
}

/* The word behind "type=". */
static bool type_is(struct span record, const char *name)
{
	size_t len = strlen(name);

	return begins(record, "type=") &&
	       begins((struct span){ record.at + 5, record.end }, name) &&
	       (record.at + 5 + len == record.end || record.at[5 + len] == ' ');
}

static bool is_start(struct span line)
{
	return begins(line, "----") || begins(line, "time->") || find(line, "audit(") ||
	       begins(line, "type=");
}

static void read_avc(struct span line, struct span record, struct form *form)
{
	const char *after = form_take_event(line, form);
	struct span prefix = { line.at, record.at };

	form->body = find((struct span){ after, line.end }, "avc:");
	form->count = count_of_uniq(prefix);
	form->log = !begins(line, "type=");
	prefix = trimmed(prefix);
	form->journal = !form->serial && prefix.end - prefix.at >= 3 &&
			!memcmp(prefix.end - 3, "AVC", 3);
	form->kind = is_of_program(prefix) ? FORM_FORGED : FORM_AVC;
}

void form_read(const char *text, size_t len, struct form *form)
{
	struct span line = trimmed((struct span){ text, text + len }), record;
	bool avc;

	*form = (struct form){ .kind = FORM_TEXT, .count = 1 };
	if (begins(line, "type=SYSCALL ")) {
		form->kind = FORM_SYSCALL;
		form->body = form_take_event(line, form);
		return;
	}
	record = begins(line, "type=") ? line : (struct span){ record_start(line), line.end };
	avc = type_is(record, "AVC") || type_is(record, "1400");
	if (avc || begins(record, "avc:") || (begins(record, "audit(") && find(record, "avc:"))) {
		read_avc(line, record, form);
		return;
	}
	if (type_is(record, "SYSCALL") || type_is(record, "1300")) {
		form->kind = FORM_SYSCALL;
		form->body = form_take_event(line, form);
		return;
	}
	if (begins(line, "type="))
		form->kind = FORM_START;
	else if (find(line, "audit") && (find(line, "callbacks suppressed") ||
					 find(line, "audit_lost=") || find(line, "limit exceeded")))
		form->kind = FORM_LOST;
	else if (is_start(line))
		form->kind = FORM_START;
}
