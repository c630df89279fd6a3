// SPDX-License-Identifier: GPL-2.0-only
#include "util/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void alloc_check(int ret)
{
	if (!ret)
		return;
	fputs("out of memory\n", stderr);
	exit(1);
}

static void *alloc_need(void *p)
{
	alloc_check(p ? 0 : -ENOMEM);
	return p;
}

void *alloc_zeroed(size_t n, size_t size)
{
	return alloc_need(calloc(n, size));
}

char *alloc_text(const char *text, size_t len)
{
	char *copy = alloc_need(malloc(len + 1));

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *alloc_copy(const char *text)
{
	return text ? alloc_text(text, strlen(text)) : NULL;
}

void *alloc_one_more(void *v, size_t n, size_t size)
{
	/* not a power of two: the last doubling left room */
	if (n & (n - 1))
		return v;
	return alloc_need(reallocarray(v, n ? 2 * n : 1, size));
}
