/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_BUFFER_H
#define SECMARK2_UTIL_BUFFER_H

#include <stddef.h>
#include <stdio.h>

/* A stream into memory, for the command only: without memory the process says so and ends, as in
 * alloc.h. */

/**
 * text_open - start a text
 * @text: where it is to be found after text_close(), ending in a NUL; the caller frees it
 * @len:  its length in bytes, likewise
 *
 * Returns the stream to write to.
 */
FILE *text_open(char **text, size_t *len);

/* Ends a text. */
void text_close(FILE *stream);

#endif
