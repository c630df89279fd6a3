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

static void fuzz_nft_found(void *arg, struct pos pos, const char *value)
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
	static const struct nft_list_ops ops = { fuzz_nft_found, fuzz_nft_found };
	struct input in = { (const char *)data, size };
	struct rule_counts n = { 0, 0 };
	struct diag diag = { 0 };

	nft_list_read("fuzz", in.text, size, &ops, &in, &diag);
	place_print(&diag);
	diag_free(&diag);
	count_rules_nft(in.text, size, &n);
	return 0;
}
