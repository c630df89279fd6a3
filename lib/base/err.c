// SPDX-License-Identifier: GPL-2.0-only
#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->what, sizeof(err->what), fmt, ap);
	va_end(ap);
	err->hint[0] = '\0';
	return code;
}

void err_hint(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
}

/* Writes the first character of a text, or its byte, in its printable form. Returns how many bytes
 * of the text it has read. */
static size_t quote_char(char out[5], const char *text)
{
	size_t n = utf8_len(text);
	unsigned char c = *text;
	/* U+0080 to U+009F: terminals take them for ESC and another character */
	bool control = c < 0x20 || c == 0x7f ||
		       (n == 2 && c == 0xc2 && (unsigned char)text[1] < 0xa0);

	if (!n || control || c == '\'' || c == '\\') {
		snprintf(out, 5, "\\x%02x", c);
		return 1;
	}
	memcpy(out, text, n);
	out[n] = '\0';
	return n;
}

const char *err_quote(char *buf, size_t size, const char *text)
{
	static const char cut[] = "...";
	size_t used = 0, mark = 0, n;
	char one[5];

	while (*text) {
		text += quote_char(one, text);
		n = strlen(one);
		if (used + n >= size) {
			memcpy(buf + mark, cut, sizeof(cut));
			return buf;
		}
		/* the last place with room for the dots */
		if (used + sizeof(cut) <= size)
			mark = used;
		memcpy(buf + used, one, n);
		used += n;
	}
	buf[used] = '\0';
	return buf;
}
