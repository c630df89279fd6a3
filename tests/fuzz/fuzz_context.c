// SPDX-License-Identifier: GPL-2.0-only
/* A libFuzzer target: a context that was split into fields can be joined to the same text again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "selinux/context.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_context_judge(const char *text)
{
	char again[CONTEXT_LEN_MAX + 1];
	struct err err = { "", "" };
	struct context ctx;

	if (context_parse(text, &ctx, &err)) {
		if (!*err.what)
			abort();
		return;
	}
	if (context_format(again, ctx.user, ctx.role, ctx.type, ctx.level) || strcmp(again, text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	fuzz_context_judge(text);
	free(text);
	return 0;
}
