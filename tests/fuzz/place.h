/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLACE_H
#define SECMARK2_PLACE_H

#include <stddef.h>

#include "util/diag.h"

/* What stands at a place of a text; NULL where the text has no such place. */
const char *place_find(const char *text, size_t size, struct pos pos);

/* Makes a line of each entry, for nobody. */
void place_print(const struct diag *diag);

#endif
