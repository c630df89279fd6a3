// SPDX-License-Identifier: GPL-2.0-only
#include "audit/date.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#define DATE_NUMBERS 3

/* The parts of a date. */
struct date_parts {
	int n[DATE_NUMBERS], digits[DATE_NUMBERS];
	char behind[DATE_NUMBERS]; /* the byte behind each number; 0: the end */
	int count;
	int month; /* by its name; 0: there is none */
};

static const char *const date_months[] = { "January",   "February", "March",    "April",
					   "May",       "June",     "July",     "August",
					   "September", "October",  "November", "December" };
static const char *const date_days[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
					 "Thursday", "Friday", "Saturday" };

/* Finds a name, or its first three letters. Returns its number, from 1 on, or 0. */
static int date_name(const char *const *names, size_t n, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((len == 3 || len == strlen(names[i])) && !memcmp(names[i], text, len))
			return i + 1;
	return 0;
}

static bool date_take_word(struct date_parts *p, const char *text, size_t len)
{
	int month = date_name(date_months, 12, text, len);

	if (!month)
		return date_name(date_days, 7, text, len);
	if (p->month)
		return false;
	p->month = month;
	return true;
}

static bool date_take_number(struct date_parts *p, const char *text, size_t len, char behind)
{
	size_t i;

	if (p->count == DATE_NUMBERS || len > 4)
		return false;
	for (i = 0; i < len; i++)
		p->n[p->count] = p->n[p->count] * 10 + (text[i] - '0');
	p->digits[p->count] = len;
	p->behind[p->count++] = behind;
	return true;
}

static bool date_split(struct date_parts *p, const char *text, size_t len)
{
	size_t i, k;

	for (i = 0; i < len; i = k) {
		k = i + 1;
		if (isdigit((unsigned char)text[i])) {
			while (k < len && isdigit((unsigned char)text[k]))
				k++;
			if (!date_take_number(p, text + i, k - i, k < len ? text[k] : '\0'))
				return false;
		} else if (isalpha((unsigned char)text[i])) {
			while (k < len && isalpha((unsigned char)text[k]))
				k++;
			if (!date_take_word(p, text + i, k - i))
				return false;
		} else if (!(text[i] & 0x80) && !strchr("/.-, ", text[i])) {
			/* of other scripts, the numbers and what is between them tell enough */
			return false;
		}
	}
	return true;
}

/* Years of four digits, or of this century. A calendar with other years is none that is read. */
static bool date_year(const struct date_parts *p, int i, struct tm *day)
{
	int year = p->digits[i] == 2 ? p->n[i] + 2000 : p->n[i];

	day->tm_year = year - 1900;
	return (p->digits[i] == 2 || p->digits[i] == 4) && year >= 1970 && year < 2200;
}

/* Fills in the day, for dates whose month has a name. */
static bool date_by_name(const struct date_parts *p, struct tm *day)
{
	int year = p->digits[0] == 4 ? 0 : 1;

	if (p->count != 2 || p->digits[year] != 4 || p->digits[!year] > 2)
		return false;
	day->tm_mon = p->month - 1;
	day->tm_mday = p->n[!year];
	return date_year(p, year, day);
}

static bool date_by_numbers(const struct date_parts *p, enum date_order order, struct tm *day)
{
	bool first = p->digits[0] == 4;
	int month = 1, mday = first ? 2 : 0;

	if (p->count != 3 || p->digits[1] > 2)
		return false;
	if (!first && p->behind[0] == '/' && p->behind[1] == '/' && order == DATE_MONTH_FIRST) {
		month = 0;
		mday = 1;
	} else if (!first && !strchr("/.-", p->behind[0])) {
		return false;
	}
	day->tm_mon = p->n[month] - 1;
	day->tm_mday = p->n[mday];
	return p->digits[mday] <= 2 && date_year(p, first ? 0 : 2, day);
}

/* "10:49:38.096" */
static bool date_time(const char *text, size_t len, struct tm *day, int *ms)
{
	static const char pattern[] = "00:00:00.000";
	size_t i;

	if (len != strlen(pattern))
		return false;
	for (i = 0; i < len; i++)
		if (pattern[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != pattern[i])
			return false;
	day->tm_hour = (text[0] - '0') * 10 + (text[1] - '0');
	day->tm_min = (text[3] - '0') * 10 + (text[4] - '0');
	day->tm_sec = (text[6] - '0') * 10 + (text[7] - '0');
	*ms = (text[9] - '0') * 100 + (text[10] - '0') * 10 + (text[11] - '0');
	return day->tm_hour < 24 && day->tm_min < 60 && day->tm_sec <= 60;
}

static int64_t date_in(const struct date_parts *p, enum date_order order, struct tm day, int ms)
{
	struct tm real;
	time_t t;

	if (!(p->month ? date_by_name(p, &day) : date_by_numbers(p, order, &day)))
		return 0;
	day.tm_isdst = -1;
	real = day;
	t = mktime(&real);
	/* there is no 31st of June */
	return t > 0 && real.tm_mon == day.tm_mon && real.tm_mday == day.tm_mday ?
		       (int64_t)t * 1000 + ms :
		       0;
}

void date_read(const char *text, size_t len, int64_t ms[DATE_ORDERS])
{
	const char *blank = memrchr(text, ' ', len);
	struct date_parts p = { .count = 0 };
	struct tm day = { .tm_sec = 0 };
	enum date_order order;
	int rest;

	memset(ms, 0, DATE_ORDERS * sizeof(*ms));
	if (!blank || !date_time(blank + 1, text + len - blank - 1, &day, &rest) ||
	    !date_split(&p, text, blank - text))
		return;
	for (order = 0; order < DATE_ORDERS; order++)
		ms[order] = date_in(&p, order, day, rest);
}
