// SPDX-License-Identifier: GPL-2.0-only
#include "util/hash.h"

#include <string.h>

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;

	while (n--)
		hash = (hash ^ *at++) * UINT64_C(0x100000001b3);
	return hash;
}

uint64_t hash_text(const char *text)
{
	return hash_bytes(HASH_START, text, strlen(text));
}
