/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_PRINTABLE_H
#define SECMARK2_UTIL_PRINTABLE_H

/* Returns a copy in which all that a terminal would act on is escaped, as by err_printable(). The
 * caller frees it. Never fails (alloc.h). */
char *text_printable(const char *text);

/* The same for a text of several lines: newlines stay as they are. */
char *lines_printable(const char *text);

#endif
