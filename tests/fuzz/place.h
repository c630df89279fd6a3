/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLACE_H
#define SECMARK2_PLACE_H

#include <stddef.h>

#include "util/diag.h"

/* Returns the text from a place on, or NULL if it has no such place. */
const char *place_find(const char *text, size_t size, struct pos pos);

/* Formats each entry, and discards the text. */
void place_print(const struct diag *diag);

#endif
