// SPDX-License-Identifier: GPL-2.0-only
#include "audit/form.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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

/* Reads "audit(SECONDS.MS:SERIAL)". Returns what is behind it, or the whole line. */
static const char *form_take_event(struct span line, struct form *form)
{
	const char *open = find(line, "audit("), *close, *colon;
	struct span s, whole;

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
	whole = (struct span){ s.at, colon ? colon : close };
	/* no clock of a record goes beyond the year 9999 */
	form->time = take_number(&s) % 253402300800 * 1000;
	if (begins(s, ".")) {
		s.at++;
		form->time += take_number(&s) % 1000;
	}
	/* a date */
	if (s.at < whole.end) {
		form->time = 0;
		form->dated = true;
		date_read(whole.at, whole.end - whole.at, form->dates);
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

/* The next word. */
static struct span word_of(struct span s)
{
	const char *start;

	for (start = s.at = trimmed(s).at; s.at < s.end && !isspace((unsigned char)*s.at); s.at++)
		;
	return (struct span){ start, s.at };
}

static struct span behind(struct span word, struct span s)
{
	return trimmed((struct span){ word.end, s.end });
}

/* Does it look like the pattern, in which 0 stands for a digit? Any of the characters of rest may
 * follow, or all if it is NULL. */
static bool looks_like(struct span word, const char *pattern, const char *rest)
{
	for (; *pattern; pattern++, word.at++)
		if (word.at == word.end ||
		    (*pattern == '0' ? !isdigit((unsigned char)*word.at) : *word.at != *pattern))
			return false;
	for (; rest && word.at < word.end; word.at++)
		if (!*word.at || !strchr(rest, *word.at))
			return false;
	return true;
}

static bool is_number(struct span word)
{
	return looks_like(word, "0", "0123456789");
}

/* Behind the date and the time of a line of the system log, in one of these forms:
 *   Nov 30 20:12:40, or with other names of months, or 20:12:40.123456
 *   2026-11-30T20:12:40+00:00, 2026-11-30 20:12:40
 *   Mon 2026-11-30 20:12:40 UTC
 *   1764533560.123456
 * Anything may stand in front of the first three, such as the number of "uniq -c" or the name of
 * "grep". Returns nothing of any other line. */
static struct span behind_date(struct span s)
{
	const struct span none = { s.end, s.end };
	struct span before = none, last = none, word;
	bool zone;
	int i;

	for (i = 0; i < 5; i++, before = last, last = word) {
		word = word_of(s);
		s = behind(word, s);
		if (looks_like(word, "0000-00-00T00:00:00", NULL) ||
		    (!i && looks_like(word, "0000000000.000000", "")))
			return s;
		if (!looks_like(word, "00:00:00", "0123456789.,+-:Z"))
			continue;
		zone = looks_like(last, "0000-00-00", "") && before.at < before.end &&
		       !is_number(before);
		if (!is_number(last) && !looks_like(last, "0000-00-00", ""))
			return none;
		word = word_of(s);
		return zone || looks_like(word, "+0", NULL) || looks_like(word, "-0", NULL) ?
			       behind(word, s) :
			       s;
	}
	return none;
}

/* Behind "[   12.345678]", "[   12.3 <    0.1 >]", "[   12.3][    T7]", "[Sat Aug 20 21:21:55
 * 2022]"; nothing if there is no such thing in front. */
static struct span behind_brackets(struct span s)
{
	const struct span none = { s.end, s.end };
	const char *close;

	close = begins(s, "[") ? memchr(s.at, ']', s.end - s.at) : NULL;
	if (!close || (!memchr(s.at, '.', close - s.at) && !memchr(s.at, ':', close - s.at)))
		return none;
	do
		s.at = close + 1;
	while (begins(s, "[") && (close = memchr(s.at, ']', s.end - s.at)));
	return trimmed(s);
}

static bool is_record_word(struct span s)
{
	return begins(s, "type=") || begins(s, "audit(") || begins(s, "avc:");
}

/* Is it a word as "prog:" or "prog[12]:"? No name of a host is. */
static bool is_tag(struct span word)
{
	return word.at < word.end &&
	       (word.end[-1] == ':' || memchr(word.at, '[', word.end - word.at));
}

/* "<30>" or "<30>1 " */
static struct span behind_priority(struct span s)
{
	const char *close = begins(s, "<") ? memchr(s.at, '>', s.end - s.at) : NULL;

	if (!close || !is_number((struct span){ s.at + 1, close }))
		return s;
	s.at = close + 1;
	return begins(s, "1 ") ? trimmed((struct span){ s.at + 2, s.end }) : s;
}

/* The lines of the system log have the time, the host and the tag of who wrote them in front, those
 * of the kernel's log only a time. Returns the tag; nothing of any other line, and of one of the
 * kernel. */
static struct span tag_of_syslog(struct span line)
{
	const struct span none = { line.end, line.end };
	struct span s = behind_priority(line), rest = behind_date(s), word;

	if (rest.at == rest.end) {
		rest = behind_brackets(s);
		if (is_record_word(rest))
			return none;
	}
	word = word_of(rest);
	/* logcat of Android has the number of the process here, or "W/chronyd" */
	if (is_number(word) || (word.end - word.at > 1 && word.at[1] == '/'))
		return none;
	return is_tag(word) ? word : word_of(behind(word, rest));
}

/* Notes whether the system log says who wrote the line, and if that is another one than the kernel
 * or audit. */
static void read_tag(struct span line, struct form *form)
{
	static const char *const trusted[] = { "audit", "auditd", "audispd", "audisp-syslog" };
	struct span tag = tag_of_syslog(line);
	size_t len = 0, i;

	while (tag.at + len < tag.end && !strchr(":[", tag.at[len]))
		len++;
	form->tagged = tag.at < tag.end;
	form->fields = begins(tag, "[s=");
	/* the kernel has no number of a process; a program that takes its name has one */
	form->program = form->tagged && !(len == strlen("kernel") && begins(tag, "kernel") &&
					  (tag.at + len == tag.end || tag.at[len] == ':'));
	for (i = 0; i < sizeof(trusted) / sizeof(trusted[0]); i++)
		if (strlen(trusted[i]) == len && begins(tag, trusted[i]))
			form->program = false;
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
	form->kind = form->program ? FORM_FORGED : FORM_AVC;
}

void form_read(const char *text, size_t len, struct form *form)
{
	struct span line = trimmed((struct span){ text, text + len }), record;
	bool avc;

	*form = (struct form){ .kind = FORM_TEXT, .count = 1, .indent = line.at - text };
	if (begins(line, "type=SYSCALL ")) {
		form->kind = FORM_SYSCALL;
		form->body = form_take_event(line, form);
		return;
	}
	if (!begins(line, "type="))
		read_tag(line, form);
	form->transport = begins(line, "_TRANSPORT=kernel") || begins(line, "_TRANSPORT=audit");
	record = begins(line, "type=") ? line : (struct span){ record_start(line), line.end };
	avc = type_is(record, "AVC") || type_is(record, "1400");
	if (avc || begins(record, "avc:") || (begins(record, "audit(") && find(record, "avc:"))) {
		read_avc(line, record, form);
		return;
	}
	if (type_is(record, "SYSCALL") || type_is(record, "1300")) {
		form->kind = form->program ? FORM_FORGED : FORM_SYSCALL;
		form->body = form_take_event(line, form);
		return;
	}
	if (begins(line, "type="))
		form->kind = FORM_START;
	else if (find(line, "audit") && (find(line, "callbacks suppressed") ||
					 find(line, "audit_lost=") || find(line, "limit exceeded")))
		form->kind = FORM_LOST;
	else if (form->tagged || is_start(line))
		form->kind = FORM_START;
}
