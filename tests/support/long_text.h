/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LONG_TEXT_H
#define SECMARK2_LONG_TEXT_H

#include <stddef.h>

/* A text of that length, as a plan of many lines; the caller frees it. Without memory the test
 * fails. */
char *long_text(size_t len);

#endif
