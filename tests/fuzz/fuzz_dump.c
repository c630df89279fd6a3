// SPDX-License-Identifier: GPL-2.0-only
/* A libFuzzer target: any text is read as a dump and converted without harm; words stand where they are said to. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "dump.h"
#include "place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_word(const char *text, size_t size, struct pos pos, const char *word)
{
	const char *at = place_find(text, size, pos);

	if (!at || (*at != '"' && *at != *word))
		abort();
}

static void convert_it(const struct dump *dump)
{
	struct diag diag = { 0 };
	char *plan = convert(dump, 1, &diag);

	if (strncmp(plan, "table ", 6) != 0)
		abort();
	place_print(&diag);
	free(plan);
	diag_free(&diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag diag = { 0 };
	struct dump dump;
	size_t i, k;

	dump_read("fuzz", (const char *)data, size, &dump, &diag);
	for (i = 0; i < dump.n; i++)
		for (k = 0; k < dump.rules[i].n; k++)
			check_word((const char *)data, size, dump_pos(&dump, &dump.rules[i], &dump.rules[i].v[k]),
				   dump.rules[i].v[k].text);
	place_print(&diag);
	convert_it(&dump);
	dump_free(&dump);
	diag_free(&diag);
	return 0;
}
