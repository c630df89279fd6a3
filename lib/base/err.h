/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BASE_ERR_H
#define SECMARK2_BASE_ERR_H

#include <stddef.h>

/*
 * An error for people to read: what is wrong, and a hint (what was expected, or
 * what to do), which may be empty. The library fills it, and the caller prints
 * it as "what (hint)".
 */
struct err {
	char what[512];
	char hint[256];
};

/**
 * err_set - record an error
 * @err:  where to; its hint is emptied
 * @code: a negative errno value
 * @fmt:  what is wrong, as for printf
 *
 * What a terminal would act on is escaped, as by err_printable(). A text that is too long is cut
 * and ends in "...". Returns @code, so that a caller can say
 * "return err_set(err, -EINVAL, ...)".
 */
int err_set(struct err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/**
 * err_hint - add what was expected or what to do to a recorded error
 * @err: the error
 * @fmt: the hint, as for printf
 */
void err_hint(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for any error as one text. */
#define ERR_TEXT_MAX (sizeof(struct err) + sizeof(" ()"))

/* Writes an error as "what (hint)", or as "what" without a hint. Returns out. */
const char *err_text(const struct err *err, char out[ERR_TEXT_MAX]);

/**
 * err_quote - make untrusted text printable inside an error
 * @buf:  where to
 * @size: its size, at least 8
 * @text: any bytes
 *
 * Control characters, quotes, backslashes and bytes that are not UTF-8 become \xHH. A text that
 * does not fit is cut and ends in "...". Returns @buf.
 */
const char *err_quote(char *buf, size_t size, const char *text);

/* The same for a text without quotes around it: quotes, backslashes and tabs stay as they are. */
const char *err_printable(char *buf, size_t size, const char *text);

#endif
