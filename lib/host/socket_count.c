// SPDX-License-Identifier: GPL-2.0-only
#include "host/socket_count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "UDP  1344  3  0 ...": the name, the size of a socket, the number of sockets */
static size_t count_of_line(const char *line, const char *name)
{
	size_t len = strlen(name);
	char *end;

	if (strncmp(line, name, len) || line[len] != ' ')
		return 0;
	strtoul(line + len, &end, 10);
	return strtoul(end, NULL, 10);
}

size_t socket_count(const char *file, const char *name)
{
	FILE *in = fopen(file, "re");
	char line[256];
	size_t n = 0;

	while (in && !n && fgets(line, sizeof(line), in))
		n = count_of_line(line, name);
	if (in)
		fclose(in);
	return n;
}
