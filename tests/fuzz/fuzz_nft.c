// SPDX-License-Identifier: GPL-2.0-only
/* A libFuzzer target: any text can be read as an nft ruleset without harm. Each context is at its
 * reported place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dump/count_rules.h"
#include "dump/nft_list.h"
#include "fuzz/place.h"

struct input {
	const char *text;
	size_t size;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void found(void *arg, struct pos pos, const char *value)
{
	const struct input *in = arg;
	const char *at;

	/* of JSON, what is not written as it is meant; and what ends before it began */
	if (!pos.line || !*value)
		return;
	at = place_find(in->text, in->size, pos);
	if (!at || (size_t)(in->text + in->size - at) < strlen(value) ||
	    memcmp(at, value, strlen(value)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct nft_contexts_ops ops = { found, found };
	struct input in = { (const char *)data, size };
	struct label_rules n = { 0, 0 };
	struct diag diag = { 0 };

	nft_contexts_read("fuzz", in.text, size, &ops, &in, &diag);
	place_print(&diag);
	diag_free(&diag);
	label_rules_nft(in.text, size, &n);
	return 0;
}
