/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_UTIL_BUFFER_H
#define SECMARK2_UTIL_BUFFER_H

#include <stddef.h>
#include <stdio.h>

/* A stream into memory, for the command only: it ends the process if memory is exhausted, as
 * alloc.h does. */

/**
 * buffer_open - start a text
 * @text: set by buffer_close(), with a NUL at the end; the caller frees it
 * @len:  its length in bytes, set by buffer_close()
 *
 * Returns the stream to write to.
 */
FILE *buffer_open(char **text, size_t *len);

/* Ends a text. */
void buffer_close(FILE *stream);

#endif
