/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BASE_UTF8_H
#define SECMARK2_BASE_UTF8_H

#include <stddef.h>

/**
 * utf8_len - the number of bytes of the first character of a text
 * @text: a text; need not be UTF-8
 *
 * Returns 1 to 4, or 0 at the end of the text and for bytes that are not UTF-8
 * (RFC 3629: shortest form, no surrogates, nothing beyond U+10FFFF).
 */
size_t utf8_len(const char *text);

#endif
