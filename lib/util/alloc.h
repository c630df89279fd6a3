/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_ALLOC_H
#define SECMARK2_UTIL_ALLOC_H

#include <stddef.h>

/*
 * For the command only, never for a plugin: if memory is exhausted, the process
 * prints that and exits with 1. The caller frees what these functions return.
 */

/* Returns n zeroed elements of a size. */
void *alloc_zeroed(size_t n, size_t size);

/* Returns the first len bytes of a text, and a NUL. */
char *alloc_text(const char *text, size_t len);

/* Returns a copy of a text; NULL for NULL. */
char *alloc_copy(const char *text);

/**
 * alloc_one_more - make room for one more element at the end of an array
 * @v:    the array, or NULL
 * @n:    how many elements it has; the room is doubled if this is a power of two
 * @size: of an element
 *
 * Returns the array, which may have moved. All its elements must have been
 * added in this way.
 */
void *alloc_one_more(void *v, size_t n, size_t size);

/* Exits as these functions do, if @ret is not 0: the result of a function that only fails if memory
 * is exhausted. */
void alloc_check(int ret);

#endif
