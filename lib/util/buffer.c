// SPDX-License-Identifier: GPL-2.0-only
#include "util/buffer.h"

#include <stdbool.h>
#include <stdlib.h>

static void need(bool good)
{
	if (good)
		return;
	fputs("out of memory\n", stderr);
	exit(1);
}

FILE *text_open(char **text, size_t *len)
{
	FILE *stream = open_memstream(text, len);

	need(stream);
	return stream;
}

void text_close(FILE *stream)
{
	bool good = !ferror(stream);

	need(fclose(stream) == 0 && good);
}
