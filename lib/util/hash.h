/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_HASH_H
#define SECMARK2_UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * FNV-1a with 64 bits, http://www.isthe.com/chongo/tech/comp/fnv/: it notices changes, and does not
 * resist forgery.
 */
#define HASH_START UINT64_C(0xcbf29ce484222325)

/* Adds bytes to a hash, which begins with HASH_START. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n);

/* The hash of a text. */
uint64_t hash_text(const char *text);

#endif
