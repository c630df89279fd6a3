// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz/place.h"

#include <stdlib.h>
#include <string.h>

const char *place_find(const char *text, size_t size, struct pos pos)
{
	const char *end = text + size;

	for (; text && pos.line > 1; pos.line--) {
		text = memchr(text, '\n', end - text);
		text = text ? text + 1 : NULL;
	}
	if (!text || !pos.line || !pos.col || (size_t)(end - text) < pos.col)
		return NULL;
	return text + pos.col - 1;
}

void place_print(const struct diag *diag)
{
	size_t i;

	for (i = 0; i < diag->n; i++)
		free(diag_format(&diag->v[i]));
}
