// SPDX-License-Identifier: GPL-2.0-only
#include "util/buffer.h"

#include <stdbool.h>
#include <stdlib.h>

static void buffer_need(bool good)
{
	if (good)
		return;
	fputs("out of memory\n", stderr);
	exit(1);
}

FILE *buffer_open(char **text, size_t *len)
{
	FILE *stream = open_memstream(text, len);

	buffer_need(stream);
	return stream;
}

void buffer_close(FILE *stream)
{
	bool good = !ferror(stream);

	good = fclose(stream) == 0 && good;
	buffer_need(good);
}
