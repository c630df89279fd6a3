/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_AUDIT_PASTE_H
#define SECMARK2_AUDIT_PASTE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * paste_join - append a line to a record that a mail program or a terminal has broken
 * @text: the beginning of the record
 * @len:  its length
 * @size: of @text
 * @next: the line that follows
 * @n:    its length
 *
 * A break at a blank has taken the blank away; a break in the middle of a word has not. A word that
 * begins a field tells that it was a blank. Marks of quotation and blanks in front of the line go.
 *
 * Returns the new length, or 0 if it does not fit; @text is as before then.
 */
size_t paste_join(char *text, size_t len, size_t size, const char *next, size_t n);

#endif
