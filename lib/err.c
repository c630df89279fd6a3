// SPDX-License-Identifier: GPL-2.0-only
#include "err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

static size_t quote_char(char out[5], unsigned char c)
{
	if (c >= 0x20 && c != 0x7f && c != '\'' && c != '\\') {
		out[0] = c;
		out[1] = '\0';
		return 1;
	}
	return snprintf(out, 5, "\\x%02x", c);
}

const char *err_quote(char *buf, size_t size, const char *text)
{
	static const char cut[] = "...";
	size_t used = 0, mark = 0, n;
	char one[5];

	for (; *text; text++) {
		n = quote_char(one, *text);
		if (used + n >= size) {
			memcpy(buf + mark, cut, sizeof(cut));
			return buf;
		}
		/* the last place where the cut would still fit */
		if (used + sizeof(cut) <= size)
			mark = used;
		memcpy(buf + used, one, n);
		used += n;
	}
	buf[used] = '\0';
	return buf;
}
