// SPDX-License-Identifier: GPL-2.0-only
#include "util/printable.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "util/alloc.h"

/* A byte becomes \xHH at most; err_printable() wants room for a few. */
static size_t room_for(size_t len)
{
	return 4 * len + 8;
}

char *text_printable(const char *text)
{
	size_t size = room_for(strlen(text));
	char *out = alloc_zeroed(1, size);

	err_printable(out, size, text);
	return out;
}

char *lines_printable(const char *text)
{
	char *out = alloc_zeroed(1, room_for(strlen(text))), *copy = alloc_text(text, strlen(text));
	char *rest = copy, *line, *at = out;

	while ((line = strsep(&rest, "\n"))) {
		err_printable(at, room_for(strlen(line)), line);
		at += strlen(at);
		if (rest)
			*at++ = '\n';
	}
	*at = '\0';
	free(copy);
	return out;
}
