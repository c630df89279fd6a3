// SPDX-License-Identifier: GPL-2.0-only
#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Writes the first character of a text, or its byte, in its printable form. Returns how many bytes
 * of the text it has read. */
static size_t escape_char(char out[5], const char *text, const char *also)
{
	size_t n = utf8_len(text);

	if (!n || (utf8_is_control(text) && *text != '\t') || utf8_turns_text(text) ||
	    strchr(also, *text)) {
		snprintf(out, 5, "\\x%02x", (unsigned char)*text);
		return 1;
	}
	memcpy(out, text, n);
	out[n] = '\0';
	return n;
}

/* Escapes control characters, what is no UTF-8, and the characters of also. */
static const char *escape(char *buf, size_t size, const char *text, const char *also)
{
	static const char cut[] = "...";
	size_t used = 0, mark = 0, n;
	char one[5];

	while (*text) {
		text += escape_char(one, text, also);
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

const char *err_quote(char *buf, size_t size, const char *text)
{
	return escape(buf, size, text, "\t'\\");
}

const char *err_printable(char *buf, size_t size, const char *text)
{
	return escape(buf, size, text, "");
}

/* Writes a message, in its printable form: it can have names of files and words of others. */
__attribute__((format(printf, 3, 0))) static void write_message(char *out, size_t size,
								const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, ap);
	err_printable(out, size, text);
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_message(err->what, sizeof(err->what), fmt, ap);
	va_end(ap);
	err->hint[0] = '\0';
	return code;
}

void err_hint(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_message(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
}

const char *err_text(const struct err *err, char out[ERR_TEXT_MAX])
{
	snprintf(out, ERR_TEXT_MAX, "%s%s%s%s", err->what, *err->hint ? " (" : "", err->hint,
		 *err->hint ? ")" : "");
	return out;
}
