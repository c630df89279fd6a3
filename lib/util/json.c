// SPDX-License-Identifier: GPL-2.0-only
#include "util/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "util/alloc.h"

json_t *text_to_json(const char *text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t used = 0, n;
	json_t *value;
	char *valid;

	if (!text)
		return json_null();
	valid = alloc_zeroed(strlen(text) + 1, strlen(replacement));
	for (; *text; text += n ? n : 1) {
		n = utf8_len(text);
		memcpy(valid + used, n ? text : replacement, n ? n : strlen(replacement));
		used += n ? n : strlen(replacement);
	}
	value = need_json(json_string(valid));
	free(valid);
	return value;
}

__attribute__((noreturn)) static void json_out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	exit(EXIT_FAILURE);
}

json_t *need_json(json_t *value)
{
	if (!value)
		json_out_of_memory();
	return value;
}

char *json_to_text(json_t *value, size_t flags)
{
	char *text = json_dumps(need_json(value), flags);

	if (!text)
		json_out_of_memory();
	return text;
}
