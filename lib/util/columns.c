// SPDX-License-Identifier: GPL-2.0-only
#include "util/columns.h"

#include <ctype.h>
#include <locale.h>
#include <stdint.h>
#include <wchar.h>

#include "base/utf8.h"

static wchar_t character_of(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	wchar_t c = len < 2 ? p[0] : p[0] & (0x7f >> len);
	size_t i;

	for (i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

/* Outside of ASCII. Each character of a text that is no UTF-8 takes one column. */
static size_t fit_unicode(const char *text, size_t *columns)
{
	size_t at = 0, used = 0, len;
	int width;

	while (text[at]) {
		len = utf8_len(text + at);
		len += !len;
		width = wcwidth(character_of(text + at, len));
		if (width < 0)
			width = 1;
		if (used + width > *columns)
			break;
		used += width;
		at += len;
	}
	*columns = used;
	return at;
}

size_t columns_fit(const char *text, size_t *columns)
{
	locale_t unicode, before = (locale_t)0;
	size_t at = 0;

	while (isascii((unsigned char)text[at]) && text[at] && at < *columns)
		at++;
	if (isascii((unsigned char)text[at])) {
		*columns = at;
		return at;
	}
	/* in the locale of the C library's start, only ASCII has a width */
	unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (unicode)
		before = uselocale(unicode);
	at = fit_unicode(text, columns);
	if (unicode) {
		uselocale(before);
		freelocale(unicode);
	}
	return at;
}

size_t columns_of(const char *text)
{
	size_t columns = SIZE_MAX;

	columns_fit(text, &columns);
	return columns;
}
