/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BASE_UTF8_H
#define SECMARK2_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/**
 * utf8_len - the number of bytes of the first character of a text
 * @text: a text; need not be UTF-8
 *
 * Returns 1 to 4, or 0 at the end of the text and for bytes that are not UTF-8
 * (RFC 3629: shortest form, no surrogates, nothing beyond U+10FFFF).
 */
size_t utf8_len(const char *text);

/* Is the first character a control character? U+0000 to U+001F, U+007F, and U+0080 to U+009F, which
 * terminals take for ESC and another character. */
bool utf8_is_control(const char *text);

/* Does the first character make a terminal show what follows in another order, or on another line?
 * The marks, embeddings, overrides and isolates of the bidirectional algorithm (Unicode, UAX #9),
 * and the separators of lines and paragraphs, U+2028 and U+2029. */
bool utf8_turns_text(const char *text);

#endif
